// Thresh itself: the whole job on the files, without output.
//   usage: compare_thresh verify|checksum JOBS CONTAINER FILE_OR_DIRECTORY
//          compare_thresh --targets
// `checksum` also computes the content checksum, which no peer has.
// THRESH_TARGET=NAME in the environment selects the instruction set, one of
// those that --targets lists.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "serve.h"
#include "thresh/batch_reader.h"
#include "thresh/deaggregate.h"
#include "thresh/simd_target.h"
#include "thresh/sinks.h"

namespace thresh::compare {
namespace {

using Inputs = InputList;

Pass Run(const Inputs& inputs, const Options& options) {
  const auto sink = OpenSink("-", OutputFormat::kNull);
  if (!sink) Fail(sink.error().ToString());
  const Result<Report> report = Deaggregate(inputs, options, sink->get());
  if (!report) Fail(report.error().ToString());
  if (!report->input_errors.empty()) {
    Fail(report->input_errors.front().ToString());
  }
  if (report->summary.suspects() != 0) Fail("the archive is damaged");
  return {report->summary.user_records, report->summary.bytes};
}

std::optional<std::string_view> AsOptionalText(
    const std::optional<Bytes>& bytes) {
  if (!bytes) return std::nullopt;
  return AsText(*bytes);
}

void Dump(const Inputs& inputs, const Options& options, RecordDump* dump) {
  Result<BatchReader> reader = BatchReader::Open(inputs, options);
  if (!reader) Fail(reader.error().ToString());
  for (;;) {
    const Result<std::shared_ptr<const Batch>> batch = reader->Next();
    if (!batch) Fail(batch.error().ToString());
    if (*batch == nullptr) return;
    ForEachUserRecord(
        **batch, [dump](const KinesisRecord&, const UserRecord& user) {
          dump->Add(AsOptionalText(user.partition_key),
                    AsOptionalText(user.explicit_hash_key), AsText(user.data));
        });
  }
}

int ListTargets() {
  for (const std::string& target : SimdTargets()) std::cout << target << '\n';
  return 0;
}

int Main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--targets") {
    return ListTargets();
  }
  const std::string_view mode = argc == 5 ? argv[1] : "";
  if (mode != "verify" && mode != "checksum") {
    Fail(
        "usage: compare_thresh verify|checksum JOBS CONTAINER "
        "FILE_OR_DIRECTORY");
  }
  if (const auto target = SimdTarget(); !target) {
    Fail(target.error().ToString());
  }
  const auto container = ParseContainerKind(argv[3]);
  if (!container) Fail("no such container: " + std::string(argv[3]));
  Options options;
  options.jobs = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  options.container = *container;
  options.on_suspect = SuspectPolicy::kSkip;
  options.content_checksum = mode == "checksum";
  const Result<Inputs> inputs = ExpandInputs({argv[4]});
  if (!inputs) Fail(inputs.error().ToString());
  return Serve({R"({"thresh":")" THRESH_VERSION R"("})",
                [&] { return Run(*inputs, options); },
                [&](RecordDump* dump) { Dump(*inputs, options, dump); }});
}

}  // namespace
}  // namespace thresh::compare

int main(int argc, char** argv) { return thresh::compare::Main(argc, argv); }
