// Request documents that were made before, on their way to a stream.
#ifndef THRESH_TOOLS_KINESIS_DOCUMENT_SOURCE_H_
#define THRESH_TOOLS_KINESIS_DOCUMENT_SOURCE_H_

#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "kinesis/acknowledged.h"
#include "kinesis/record_source.h"
#include "thresh/hash_key.h"

namespace thresh::kinesis {

// Closes what is not standard input.
struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) static_cast<void>(std::fclose(file));
  }
};

struct DocumentOptions {
  PutLimits limits;
  OnUnsendable on_unsendable = OnUnsendable::kFail;
};

// Reads files ("-" is standard input) of documents, one a line; a file may also
// be one document over many lines. Which stream they name does not matter. A
// line that is no such document is an error of code kContainer, with its
// offset.
class DocumentSource : public RecordSource {
 public:
  // `shards` and `done` as in ArchiveSource::Open.
  DocumentSource(std::vector<std::string> inputs,
                 const DocumentOptions& options,
                 const std::vector<HashKeyRange>& shards,
                 std::vector<Acknowledged> done);

  [[nodiscard]] Result<std::optional<OutgoingRecord>> Next() override;

 private:
  // Reads one more document, or goes on to the next input, or ends.
  Result<void> ReadOn();
  Result<void> OpenNext();
  // The next line; null at the input's end.
  Result<std::optional<std::string>> ReadLine();
  Result<void> TakeDocument(const std::string& text, uint64_t offset);
  Result<void> Take(OutgoingRecord record, uint64_t offset);
  [[nodiscard]] Error Wrong(std::string message, uint64_t offset) const;

  std::vector<std::string> inputs_;
  DocumentOptions options_;
  std::vector<HashKeyRange> shards_;
  std::vector<Acknowledged> done_;
  std::vector<uint64_t> numbers_;
  size_t opened_ = 0;  // inputs; the last of them is being read
  std::unique_ptr<std::FILE, CloseFile> file_;
  uint64_t offset_ = 0;  // of the next line
  bool ended_ = false;
  std::deque<OutgoingRecord> ready_;
};

}  // namespace thresh::kinesis

#endif  // THRESH_TOOLS_KINESIS_DOCUMENT_SOURCE_H_
