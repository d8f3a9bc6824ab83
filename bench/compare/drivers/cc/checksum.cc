// Computes the content checksum of a file of user records in canonical
// encoding, which every driver dumps, with the library's own ContentChecksum.
//   usage: compare_checksum FILE
// Prints the checksum of the records as they are and, since some peers lose or
// add explicit hash keys, of the records without these.
#include <array>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "serve.h"
#include "thresh/batch.h"
#include "thresh/content_checksum.h"

namespace thresh::compare {
namespace {

using Lengths = std::array<uint64_t, 3>;

// Returns false at the end of the file.
bool ReadLengths(std::istream* in, Lengths* lengths) {
  std::array<uint8_t, 24> raw{};
  in->read(reinterpret_cast<char*>(raw.data()), raw.size());
  if (in->gcount() == 0) return false;
  if (!*in) Fail("the file ends within a record");
  for (size_t field = 0; field < lengths->size(); ++field) {
    (*lengths)[field] = 0;
    for (size_t i = 8; i-- > 0;) {
      (*lengths)[field] = (*lengths)[field] << 8 | raw[field * 8 + i];
    }
  }
  return true;
}

// The next field of `content`, or none if its stored length is null.
std::optional<Bytes> TakeField(uint64_t stored_length, Bytes* content) {
  if (stored_length == 0) return std::nullopt;
  const Bytes field = content->first(stored_length - 1);
  *content = content->subspan(stored_length - 1);
  return field;
}

// Reads the next record into `record`, whose views point into `memory`. Returns
// false at the end of the file.
bool ReadRecord(std::istream* in, std::vector<uint8_t>* memory,
                UserRecord* record) {
  constexpr uint64_t kMaxLength = uint64_t{1} << 30;
  Lengths lengths{};
  if (!ReadLengths(in, &lengths)) return false;
  size_t total = 0;
  for (const uint64_t length : lengths) {
    if (length > kMaxLength) Fail("a record's length makes no sense");
    total += length == 0 ? 0 : length - 1;
  }
  memory->resize(total);
  in->read(reinterpret_cast<char*>(memory->data()),
           static_cast<std::streamsize>(total));
  if (!*in) Fail("the file ends within a record");
  Bytes content(*memory);
  record->partition_key = TakeField(lengths[0], &content);
  record->explicit_hash_key = TakeField(lengths[1], &content);
  record->data = TakeField(lengths[2], &content).value_or(Bytes());
  return true;
}

int Main(int argc, char** argv) {
  if (argc != 2) Fail("usage: compare_checksum FILE");
  std::ifstream in(argv[1], std::ios::binary);
  if (!in) Fail("cannot read " + std::string(argv[1]));
  ContentChecksum checksum;
  ContentChecksum without_hash_keys;
  uint64_t records = 0;
  std::vector<uint8_t> memory;
  UserRecord record{};
  while (ReadRecord(&in, &memory, &record)) {
    checksum.Add(record);
    record.explicit_hash_key.reset();
    without_hash_keys.Add(record);
    ++records;
  }
  std::cout << R"({"user_records":)" << records << R"(,"content_checksum":")"
            << checksum.ToHex() << R"(","without_explicit_hash_keys":")"
            << without_hash_keys.ToHex() << "\"}\n";
  return 0;
}

}  // namespace
}  // namespace thresh::compare

int main(int argc, char** argv) { return thresh::compare::Main(argc, argv); }
