// Packs user records into one aggregated record, byte for byte as the KPL
// does: both key tables first, keys in order of first use.
#ifndef THRESH_BLOB_BUILDER_H_
#define THRESH_BLOB_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "thresh/bytes.h"

namespace thresh {

class BlobBuilder {
 public:
  BlobBuilder();
  ~BlobBuilder();
  BlobBuilder(BlobBuilder&&) noexcept;
  BlobBuilder& operator=(BlobBuilder&&) noexcept;

  // Adds a user record; its bytes are copied. `explicit_hash_key` is the
  // decimal text, or null for none.
  void Add(std::string_view partition_key,
           std::optional<std::string_view> explicit_hash_key, Bytes data);

  // Bytes of the blob if it were finished now: magic, message and digest.
  [[nodiscard]] size_t size() const;

  // Bytes of the blob if this record were added first.
  [[nodiscard]] size_t SizeWith(
      std::string_view partition_key,
      std::optional<std::string_view> explicit_hash_key, Bytes data) const;

  // User records added since the last Finish.
  [[nodiscard]] size_t records() const;

  // Appends the blob to `out` and starts an empty one. At least one record
  // must have been added.
  void Finish(std::vector<uint8_t>* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thresh

#endif  // THRESH_BLOB_BUILDER_H_
