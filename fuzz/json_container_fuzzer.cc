// JSON containers: every byte is accounted for and the window does not matter;
// and what nlohmann/json accepts as one document is read as the naive reader on
// top of it does. The first byte chooses the window.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "compression/layers.h"
#include "container/container.h"
#include "input/archive_format.h"
#include "mutate.h"
#include "oracle/json_run.h"

namespace {

using thresh::oracle::JsonRun;
using thresh::oracle::JsonSpan;

constexpr std::array<size_t, 6> kWindows = {1, 2, 7, 30, 200, 1 << 20};

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void CheckAccounts(const JsonRun& run, size_t size) {
  uint64_t record_bytes = 0;
  uint64_t opaque_bytes = 0;
  uint64_t end = 0;
  for (const JsonSpan& span : run.spans) {
    Require(span.offset >= end, "spans overlap");
    end = span.offset + span.length;
    (span.opaque ? opaque_bytes : record_bytes) += span.length;
  }
  const thresh::Summary& summary = run.summary;
  Require(end + summary.unread_bytes <= size, "spans beyond the end");
  Require(summary.bytes == size, "bytes");
  Require(summary.record_bytes == record_bytes, "record bytes");
  Require(summary.opaque_bytes == opaque_bytes, "opaque bytes");
  Require(summary.record_bytes + summary.framing_bytes + summary.opaque_bytes +
                  summary.unread_bytes ==
              size,
          "a byte is not accounted for");
}

template <typename Rows>
std::string Show(const Rows& rows) {
  std::ostringstream text;
  for (const auto& row : rows) {
    text << "  ";
    PrintTo(row, &text);
    text << "\n";
  }
  return text.str();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text = thresh::fuzz::AsText(data + 1, size - 1);
  // A layer would be removed, and the counts would be those of its content.
  if (thresh::FindLayer(thresh::AsBytes(text)) != nullptr ||
      thresh::FindArchive(thresh::AsBytes(text)) != nullptr) {
    return 0;
  }
  // Documents that are refused by name are not read.
  const size_t head = std::min(text.size(), thresh::kSniffBytes);
  if (thresh::CheckContainer(thresh::ContainerKind::kJson,
                             thresh::AsBytes(text).first(head),
                             head == text.size())) {
    return 0;
  }
  thresh::Options options;
  options.jobs = 1;
  const JsonRun whole = thresh::oracle::RunJson(text, options);
  CheckAccounts(whole, text.size());
  options.window_bytes = kWindows[data[0] % kWindows.size()];
  const JsonRun cut = thresh::oracle::RunJson(text, options);
  if (!(cut == whole)) {
    std::fprintf(stderr, "window %zu finds\n%sthe whole\n%s",
                 options.window_bytes, Show(cut.spans).c_str(),
                 Show(whole.spans).c_str());
    std::abort();
  }
  const auto expected = thresh::oracle::ReadJson(text);
  if (expected && whole.records != *expected) {
    std::fprintf(stderr, "engine\n%sreference\n%s", Show(whole.records).c_str(),
                 Show(*expected).c_str());
    std::abort();
  }
  return 0;
}

// In addition to libFuzzer's mutations of bytes, one that keeps JSON
// well-formed: it mutates one string or number.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t max_size, unsigned seed) {
  const std::string text(thresh::fuzz::AsText(data, size));
  const size_t from = size == 0 ? size : text.find_first_of("\":", seed % size);
  const size_t to = from >= size ? from : text.find_first_of("\",}", from + 1);
  if (seed % 3 == 0 || from >= size || to >= size) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  const std::string inside =
      thresh::fuzz::Mutated(text.substr(from + 1, to - from - 1),
                            max_size - (size - (to - from - 1)));
  return thresh::fuzz::Store(
      text.substr(0, from + 1) + inside + text.substr(to), data, max_size);
}
