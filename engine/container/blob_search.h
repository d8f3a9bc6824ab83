// Looks for blobs at one magic after another, in time that is linear in the
// bytes, whatever these are.
//
// To find out whether a blob starts at a magic, fields are walked over and
// hashed as far as they go. That is the blob itself if there is one, and then
// nobody looks at it again. But where there is none, the fields may go on for
// long, and the next magic may start others that go as far: magics in user data
// can be as many as there are bytes, all with fields that lead to the end. So
// there is a limit to what is searched in vain, that is without finding a blob,
// or further than the blob's end:
//
// - A search that looks past no more than kNearMagics magics is near. No byte
// is
//   looked at by more than kNearMagics + 1 of these.
// - The others have the limits of search_limits.h, but see as far as a near
// one.
//
// So all searches together look at no more than kNearMagics + 1 + kMostInVain *
// kSearchClasses times the bytes; of what a search looks at, it hashes each
// byte twice at most, and two blocks for each boundary.
//
// What can be lost is a blob that holds more than kNearMagics magics and starts
// behind kMostInVain magics that are no blob's, but each start of so many
// fields, past more than kNearMagics magics, that these go on behind its start;
// and which look at no more bytes than its class does. So it takes bytes
// composed for the purpose, close before each blob that is lost.
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
  BlobSearch(Bytes bytes, bool at_end, std::vector<VainSearch> vain = {})
      : bytes_(bytes), at_end_(at_end), limits_(std::move(vain)) {}

  // The end of the blob at the magic at `start`, as ConjectureEnd and
  // FindBlobEnd tell it of the bytes that this search sees. To be called with
  // ascending offsets, and for one of the two alone.
  BlobEnd Conjecture(size_t start);
  BlobEnd Find(size_t start);

  // Whether a search at `start` sees `size` bytes.
  bool Sees(size_t start, size_t size) {
    return size <= ViewFrom(start).bytes.size();
  }

  // The searches so far that looked at bytes behind `start`, as they are for
  // another whose bytes start there.
  [[nodiscard]] std::vector<VainSearch> VainFrom(size_t start) const {
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
  // The magics behind the last start that FarMagic was asked for, as far as
  // they are known: all before `scanned_`.
  std::array<size_t, kNearMagics + 1> ahead_{};
  size_t first_ahead_ = 0;
  size_t count_ahead_ = 0;
  size_t scanned_ = 0;
};

}  // namespace thresh

#endif  // THRESH_CONTAINER_BLOB_SEARCH_H_
