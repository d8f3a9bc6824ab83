// Reads existing request documents for sending to a stream.
#ifndef THRESH_TOOLS_KINESIS_DOCUMENT_SOURCE_H_
#define THRESH_TOOLS_KINESIS_DOCUMENT_SOURCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kinesis/acknowledged.h"
#include "kinesis/record_source.h"
#include "thresh/hash_key.h"
#include "thresh/line_reader.h"
#include "thresh/options.h"

namespace thresh::kinesis {

struct DocumentOptions {
  PutLimits limits;
  OnUnsendable on_unsendable = OnUnsendable::kFail;
};

// Reads inputs, including compressed ones, of documents, one per line; an input
// may also be one document on several lines. The stream that they name is
// ignored. A line that is not a valid document is an error of code kContainer,
// with its offset in the content. An input that fails ends the run: the
// following records would get different numbers.
class DocumentSource : public RecordSource {
 public:
  // Uses the members of `reading` that LineReader uses. `shards` and `done` as
  // in ArchiveSource::Open.
  [[nodiscard]] static Result<std::unique_ptr<DocumentSource>> Open(
      const InputList& inputs, const Options& reading,
      const DocumentOptions& options, const std::vector<HashKeyRange>& shards,
      std::vector<Acknowledged> done);

 private:
  // A document and its origin.
  struct Document {
    std::string_view text;
    uint32_t source;
    uint64_t offset;
  };

  DocumentSource(LineReader reader, InputList inputs,
                 const DocumentOptions& options,
                 const std::vector<HashKeyRange>& shards,
                 std::vector<Acknowledged> done);

  // Reads the next line or document, or ends.
  Result<void> ReadOn() override;
  // Sets rest_ to the next lines, if there are any. False at the end.
  Result<bool> NextBlock();
  // The first line of rest_.
  Document TakeLine();
  // Takes the input that begins with `line` as one document.
  Result<void> TakeInput(const Document& line);
  Result<void> TakeDocument(const Document& from);
  Result<void> Take(OutgoingRecord record, const Document& from);
  [[nodiscard]] Error Wrong(std::string message, const Document& from) const;

  LineReader reader_;
  InputList inputs_;
  DocumentOptions options_;
  std::vector<HashKeyRange> shards_;
  std::vector<Acknowledged> done_;
  std::vector<uint64_t> numbers_;
  LineBlock block_;
  std::string_view rest_;     // part of block_
  bool starts_input_ = true;  // only blank lines came before rest_
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_DOCUMENT_SOURCE_H_
