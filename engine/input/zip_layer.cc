// Zip archives. Their entries are read one after another, as they lie, as if
// they were one; each is checked against its checksum and lengths. The
// directory behind them says nothing new and is skipped, but must list as many.
#include <algorithm>

#include "input/byte_order.h"
#include "input/inflater.h"
#include "input/layer.h"
#include "input/zip_records.h"

namespace thresh {
namespace {

constexpr size_t kZipSniffBytes = size_t{128} << 10;
constexpr uint8_t kHighestVersion = 99;  // needed to extract; 63 so far

LayerStep Stop(LayerStep::State state) { return {state, 0, {}}; }

// An archive that holds nothing is the end of a directory alone.
bool LooksEmptyZip(Bytes head) {
  const Bytes numbers =
      head.first(std::min(head.size(), zip::kEmptyArchive - 2))
          .subspan(zip::kMagicSize);
  return std::ranges::all_of(numbers, [](uint8_t byte) { return byte == 0; });
}

// It begins with the header of an entry, and the data behind it, if it says
// that it is deflated, does inflate as far as one can see.
bool LooksZip(Bytes head, bool /*complete*/) {
  if (head.size() < zip::kMagicSize) return false;
  const uint32_t magic = LoadU32Le(head.data());
  if (magic == zip::kDirectoryEnd) return LooksEmptyZip(head);
  if (magic != zip::kEntry) return false;
  if (head.size() > 4 && head[4] > kHighestVersion) return false;
  if (head.size() >= 10 && !zip::IsMethod(LoadU16Le(&head[8]))) return false;
  LayerInput input(std::make_unique<MemoryStream>(head));
  const std::optional<zip::EntryHeader> header = zip::ReadEntryHeader(&input);
  if (!header.has_value() || header->is_encrypted ||
      header->method != zip::kDeflated) {
    return true;
  }
  return Inflates(head.subspan(header->size), /*with_trailer=*/false);
}

class ZipDecoder final : public LayerDecoder {
 public:
  LayerStep Decode(LayerInput* input, std::span<uint8_t> out) override {
    switch (place_) {
      case Place::kRecord:
        return TakeRecord(input);
      case Place::kDeflated:
        return Inflate(input, out);
      case Place::kStored:
        return Copy(input, out);
      case Place::kBehindData:
        return CheckData(input);
      case Place::kBehindArchive:
        break;
    }
    return Stop(input->Peek(1).empty() ? LayerStep::State::kEnd
                                       : LayerStep::State::kTrailing);
  }

 private:
  enum class Place : uint8_t {
    kRecord,  // in front of an entry or of a record of the directory
    kDeflated,
    kStored,
    kBehindData,
    kBehindArchive,
  };

  LayerStep TakeRecord(LayerInput* input) {
    const Bytes view = input->Peek(zip::kMagicSize);
    if (view.size() < zip::kMagicSize) return Stop(LayerStep::State::kCut);
    const uint32_t magic = LoadU32Le(view.data());
    switch (magic) {
      case zip::kEntry:
        return StartEntry(input);
      case zip::kListing:
        ++listed_;
        break;
      case zip::kDirectoryEnd:
        if (listed_ != entries_) {
          return LayerStep::Damaged(std::to_string(entries_) +
                                    " entries, of which its directory lists " +
                                    std::to_string(listed_));
        }
        place_ = Place::kBehindArchive;
        break;
      case zip::kSignature:
      case zip::kDirectoryEnd64:
      case zip::kLocator64:
        break;
      default:
        return LayerStep::Damaged("no entry where one should be");
    }
    return zip::SkipDirectoryRecord(input, magic)
               ? LayerStep()
               : Stop(LayerStep::State::kCut);
  }

  LayerStep StartEntry(LayerInput* input) {
    const std::optional<zip::EntryHeader> header = zip::ReadEntryHeader(input);
    if (!header.has_value()) return Stop(LayerStep::State::kCut);
    std::string reason = zip::WhyRefused(*header);
    if (!reason.empty()) {
      return {LayerStep::State::kRefused, 0, std::move(reason)};
    }
    input->Consume(header->size);
    ++entries_;
    header_ = *header;
    start_ = input->offset();
    found_ = {};
    if (header_.method == zip::kDeflated) {
      inflater_.Start();
      place_ = Place::kDeflated;
    } else {
      place_ = Place::kStored;
    }
    return {};
  }

  LayerStep Inflate(LayerInput* input, std::span<uint8_t> out) {
    LayerStep step = inflater_.Decode(input, out);
    if (step.state == LayerStep::State::kEnd) {
      place_ = Place::kBehindData;
      step.state = LayerStep::State::kGoOn;
    }
    Count(out.first(step.produced));
    return step;
  }

  LayerStep Copy(LayerInput* input, std::span<uint8_t> out) {
    const uint64_t left = header_.facts.compressed - found_.content;
    if (left == 0) {
      place_ = Place::kBehindData;
      return {};
    }
    const Bytes view = input->Peek(1);
    if (view.empty()) return Stop(LayerStep::State::kCut);
    const auto size = static_cast<size_t>(
        std::min({left, uint64_t{view.size()}, uint64_t{out.size()}}));
    std::copy_n(view.data(), size, out.data());
    input->Consume(size);
    Count(out.first(size));
    return LayerStep::Produced(size);
  }

  void Count(Bytes content) {
    found_.crc = Crc32(found_.crc, content);
    found_.content += content.size();
  }

  LayerStep CheckData(LayerInput* input) {
    found_.compressed = input->offset() - start_;
    place_ = Place::kRecord;
    if (!header_.has_descriptor) {
      return found_ == header_.facts ? LayerStep() : Mismatch();
    }
    const Bytes behind = input->Peek(zip::kLongestDescriptor);
    const std::optional<size_t> size = zip::FindDescriptor(behind, found_);
    if (size.has_value()) {
      input->Consume(*size);
      return {};
    }
    if (behind.size() < zip::kLongestDescriptor) {
      return Stop(LayerStep::State::kCut);
    }
    if (header_.method == zip::kStored && found_.content == 0) {
      return {LayerStep::State::kRefused, 0,
              "a stored zip entry with its length behind it"};
    }
    return Mismatch();
  }

  static LayerStep Mismatch() {
    return LayerStep::Damaged("incorrect data check or length of an entry");
  }

  Place place_ = Place::kRecord;
  zip::EntryHeader header_;  // of the current entry
  zip::DataFacts found_;     // of its data, so far
  uint64_t start_ = 0;       // of its data, in the input
  Inflater inflater_{Inflater::Trailer::kNone};
  uint64_t entries_ = 0;
  uint64_t listed_ = 0;
};

std::unique_ptr<LayerDecoder> OpenZip() {
  return std::make_unique<ZipDecoder>();
}

}  // namespace

constinit const Layer kZipLayer = {"zip", kZipSniffBytes, LooksZip, OpenZip};

}  // namespace thresh
