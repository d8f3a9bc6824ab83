#include "serve.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace thresh::compare {
namespace {

// A length as in the canonical encoding: 0 for null.
uint64_t StoredLength(const std::optional<std::string_view>& field) {
  return field ? field->size() + 1 : 0;
}

void PutLength(uint64_t length, char* to) {
  for (int i = 0; i < 8; ++i) to[i] = static_cast<char>(length >> i * 8);
}

uint32_t ReadLength(const uint8_t* at) {
  return at[0] | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 |
         uint32_t{at[3]} << 24;
}

void AnswerRun(const Driver& driver) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begun = Clock::now();
  const Pass pass = driver.run();
  const std::chrono::duration<double> taken = Clock::now() - begun;
  std::cout << R"({"seconds":)" << taken.count() << R"(,"user_records":)"
            << pass.user_records << R"(,"bytes":)" << pass.bytes << '}'
            << std::endl;
}

void AnswerDump(const Driver& driver, const std::string& path) {
  if (!driver.dump) Fail("this driver has no user records to dump");
  RecordDump dump(path);
  driver.dump(&dump);
  if (!dump.Close()) Fail("cannot write " + path);
  std::cout << R"({"user_records":)" << dump.records() << '}' << std::endl;
}

}  // namespace

void RecordDump::Add(const std::optional<std::string_view>& partition_key,
                     const std::optional<std::string_view>& explicit_hash_key,
                     std::string_view data) {
  std::array<char, 24> lengths{};
  PutLength(StoredLength(partition_key), lengths.data());
  PutLength(StoredLength(explicit_hash_key), lengths.data() + 8);
  PutLength(data.size() + 1, lengths.data() + 16);
  out_.write(lengths.data(), lengths.size());
  out_ << partition_key.value_or("") << explicit_hash_key.value_or("") << data;
  ++records_;
}

bool RecordDump::Close() {
  out_.close();
  return out_.good();
}

Archive::Archive(const std::string& path) {
  std::error_code error;
  content_.resize(std::filesystem::file_size(path, error));
  if (error) Fail("cannot read " + path + ": " + error.message());
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(content_.data()),
          static_cast<std::streamsize>(content_.size()));
  if (!in) Fail("cannot read " + path);
  constexpr size_t kPrefix = 4;
  const Bytes content(content_);
  for (size_t at = 0; at < content.size();) {
    if (content.size() - at < kPrefix) Fail(path + " is cut off");
    const uint32_t length = ReadLength(content.data() + at);
    at += kPrefix;
    if (content.size() - at < length) Fail(path + " is cut off");
    records_.push_back(content.subspan(at, length));
    at += length;
  }
}

void Fail(const std::string& why) {
  std::cout << R"({"error":")";
  for (const char c : why) {
    if (c == '"' || c == '\\') std::cout << '\\';
    std::cout << c;
  }
  std::cout << "\"}" << std::endl;
  std::exit(3);
}

int Serve(const Driver& driver) {
  std::cout.precision(9);
  std::cout << R"({"ready":true,"versions":)" << driver.versions << '}'
            << std::endl;
  std::string command;
  while (std::getline(std::cin, command)) {
    if (command == "run") {
      AnswerRun(driver);
    } else if (command.starts_with("dump ")) {
      AnswerDump(driver, command.substr(5));
    } else {
      Fail("unknown command: " + command);
    }
  }
  return 0;
}

}  // namespace thresh::compare
