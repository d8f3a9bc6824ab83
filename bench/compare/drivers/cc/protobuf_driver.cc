// The program that users would otherwise write: protobuf's C++ codec and
// OpenSSL's MD5, on one thread.
//   usage: compare_protobuf reused|arena FILE
// reused: one message, reused for every parse; arena: a message in an arena of
// fixed memory that is reset after each.
#include <google/protobuf/arena.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aggregated_record.pb.h"
#include "record/envelope.h"
#include "serve.h"

namespace thresh::compare {
namespace {

// Fetches the algorithm once, as EVP_md5() would for every message.
class Md5 {
 public:
  [[nodiscard]] bool Matches(Bytes message, Bytes expected) const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    return EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr) == 1 &&
           EVP_DigestUpdate(context_.get(), message.data(), message.size()) ==
               1 &&
           EVP_DigestFinal_ex(context_.get(), digest, nullptr) == 1 &&
           std::memcmp(digest, expected.data(), kDigestSize) == 0;
  }

 private:
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_{
      EVP_MD_fetch(nullptr, "MD5", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{
      EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

// Calls visit(message) for every record of the archive, verified and parsed.
class Reader {
 public:
  Reader(const Archive& archive, bool in_arena)
      : archive_(archive), in_arena_(in_arena) {}

  template <typename Visit>
  void ForEachMessage(Visit&& visit) {
    for (const Bytes record : archive_.records()) {
      if (!LooksAggregated(record)) Fail("a record is not aggregated");
      const Bytes body = MessageOf(record);
      if (!md5_.Matches(body, DigestOf(record))) Fail("a digest differs");
      oracle::AggregatedRecord* message = &reused_;
      if (in_arena_) {
        message =
            google::protobuf::Arena::CreateMessage<oracle::AggregatedRecord>(
                &arena_);
      }
      if (!message->ParseFromArray(body.data(),
                                   static_cast<int>(body.size()))) {
        Fail("a message does not parse");
      }
      visit(*message);
      if (in_arena_) arena_.Reset();
    }
  }

 private:
  // Reset keeps this block: enough for the largest message of the data sets, so
  // that the arena does not request memory from the system again.
  static constexpr size_t kArenaBytes = size_t{16} << 20;

  static google::protobuf::ArenaOptions OptionsFor(std::vector<char>* memory) {
    google::protobuf::ArenaOptions options;
    options.initial_block = memory->data();
    options.initial_block_size = memory->size();
    return options;
  }

  const Archive& archive_;
  bool in_arena_;
  Md5 md5_;
  oracle::AggregatedRecord reused_;
  std::vector<char> memory_ = std::vector<char>(in_arena_ ? kArenaBytes : 0);
  google::protobuf::Arena arena_{OptionsFor(&memory_)};
};

// Prevents the compiler from removing the caller's reads.
volatile uint64_t g_touched = 0;

template <typename Visit>
void ForEachUser(const oracle::AggregatedRecord& message, Visit&& visit) {
  for (const oracle::Record& record : message.records()) {
    const int key = static_cast<int>(record.partition_key_index());
    if (key >= message.partition_key_table_size()) Fail("a key is missing");
    const std::string* hash_key = nullptr;
    if (record.has_explicit_hash_key_index()) {
      const int index = static_cast<int>(record.explicit_hash_key_index());
      if (index >= message.explicit_hash_key_table_size()) {
        Fail("an explicit hash key is missing");
      }
      hash_key = &message.explicit_hash_key_table(index);
    }
    visit(message.partition_key_table(key), hash_key, record.data());
  }
}

Pass Run(const Archive& archive, Reader* reader) {
  Pass pass;
  pass.bytes = archive.bytes();
  uint64_t touched = 0;
  reader->ForEachMessage([&](const oracle::AggregatedRecord& message) {
    ForEachUser(message,
                [&](const std::string& key, const std::string* hash_key,
                    const std::string& data) {
                  touched += key.size() + data.size();
                  if (hash_key != nullptr) touched += hash_key->size();
                  ++pass.user_records;
                });
  });
  g_touched = touched;
  return pass;
}

void Dump(Reader* reader, RecordDump* dump) {
  reader->ForEachMessage([dump](const oracle::AggregatedRecord& message) {
    ForEachUser(message,
                [dump](const std::string& key, const std::string* hash_key,
                       const std::string& data) {
                  std::optional<std::string_view> hash_key_text;
                  if (hash_key != nullptr) hash_key_text = *hash_key;
                  dump->Add(key, hash_key_text, data);
                });
  });
}

int Main(int argc, char** argv) {
  const std::string_view kind = argc == 3 ? argv[1] : "";
  if (kind != "reused" && kind != "arena") {
    Fail("usage: compare_protobuf reused|arena FILE");
  }
  const Archive archive(argv[2]);
  Reader reader(archive, kind == "arena");
  const std::string versions =
      R"({"protobuf":")" +
      google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION) +
      R"(","openssl":")" + OpenSSL_version(OPENSSL_VERSION_STRING) + "\"}";
  return Serve({versions, [&] { return Run(archive, &reader); },
                [&](RecordDump* dump) { Dump(&reader, dump); }});
}

}  // namespace
}  // namespace thresh::compare

int main(int argc, char** argv) { return thresh::compare::Main(argc, argv); }
