// Searches for blobs at one magic after another, in time linear in the bytes,
// for any bytes.
//
// To find out whether a blob starts at a magic, fields are traversed and hashed
// as far as they extend. If there is a blob, these are its bytes, and are not
// searched again. Otherwise the fields may extend far, and the next magic may
// start others that extend as far: user data can have as many magics as bytes,
// all with fields that lead to the end. So there is a limit to searches that
// find no blob, or that look past the blob's end (searches "in vain"):
//
// - A search that looks past at most kNearMagics magics is near. No byte is
//   examined by more than kNearMagics + 1 of these.
// - The others have the limits of search_limits.h, but see as far as a near
//   one.
//
// So all searches together examine at most kNearMagics + 1 + kMaxFailedSearches
// * kSearchClasses times the bytes; of these a search hashes each byte at most
// twice, and two blocks for each boundary.
//
// A blob can be lost if it holds more than kNearMagics magics and starts after
// kMaxFailedSearches magics that do not start blobs, but each start fields that
// extend past more than kNearMagics magics and past the blob's start, with
// searches that examine no more bytes than its class does. This takes bytes
// made for the purpose, close before each blob that is lost.
#ifndef THRESH_CONTAINER_BLOB_SEARCH_H_
#define THRESH_CONTAINER_BLOB_SEARCH_H_

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "container/blob_end.h"
#include "container/search_limits.h"
#include "thresh/bytes.h"

namespace thresh {

class BlobSearch {
 public:
  // `at_end`: the input ends with `bytes`, which outlive this. `vain` are
  // searches that started before the bytes.
  BlobSearch(Bytes bytes, bool at_end, std::vector<FailedSearch> vain = {})
      : bytes_(bytes), at_end_(at_end), limits_(std::move(vain)) {}

  // The end of the blob at the magic at `start`, as CandidateEnd and
  // FindBlobEnd return it for the bytes that this search sees. Must be called
  // with ascending offsets, and only one of the two.
  BlobEnd FindCandidate(size_t start);
  BlobEnd Find(size_t start);

  // Whether a search at `start` sees `size` bytes.
  bool Sees(size_t start, size_t size) {
    return size <= ViewFrom(start).bytes.size();
  }

  // The searches so far that examined bytes after `start`, for another
  // BlobSearch whose bytes start there.
  [[nodiscard]] std::vector<FailedSearch> VainFrom(size_t start) const {
    return limits_.From(start);
  }

 private:
  static constexpr size_t kNearMagics = 8;

  struct View {
    Bytes bytes;
    bool at_end;
  };
  View ViewFrom(size_t start);
  void Note(size_t start, const BlobEnd& end);
  size_t FarMagic(size_t start);

  Bytes bytes_;
  bool at_end_;
  SearchLimits limits_;
  // The magics after the last start passed to FarMagic, as far as known: all
  // before `scanned_`.
  std::array<size_t, kNearMagics + 1> ahead_{};
  size_t first_ahead_ = 0;
  size_t count_ahead_ = 0;
  size_t scanned_ = 0;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOB_SEARCH_H_
