// Runs one hot path on fixed input, so that run.sh can count its instructions.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "digest/md5_lanes.h"
#include "generator/generator.h"
#include "record/aggregated_record_reader.h"
#include "record/envelope.h"
#include "thresh/content_checksum.h"
#include "thresh/deaggregate.h"
#include "thresh/sinks.h"

namespace {

using thresh::Bytes;

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "hot_paths: %s\n", what);
  std::exit(2);
}

constexpr uint64_t kRecords = 60'000;

// Records of 100 bytes under 1,000 keys, in blobs of 50 KiB.
std::string Archive() {
  thresh::generator::GeneratorOptions options;
  options.records = kRecords;
  std::string archive;
  const auto report = thresh::generator::Generate(
      options, [&archive](Bytes bytes) -> thresh::Result<void> {
        archive += thresh::AsText(bytes);
        return {};
      });
  if (!report) Fail("no archive");
  return archive;
}

// Without the pipeline, whose waiting threads would be counted.
std::vector<Bytes> Messages(const std::string& archive) {
  std::vector<Bytes> messages;
  Bytes rest = thresh::AsBytes(archive);
  while (!rest.empty()) {
    const size_t end = std::min(rest.size(), thresh::FindMagic(rest, 1));
    messages.push_back(thresh::MessageOf(rest.first(end)));
    rest = rest.subspan(end);
  }
  return messages;
}

using Path = std::function<void()>;

Path Md5(const std::string& archive) {
  const auto messages = Messages(archive);
  auto digests = std::vector<thresh::Md5Digest>(messages.size());
  return [messages, digests]() mutable { thresh::Md5Many(messages, digests); };
}

Path Wire(const std::string& archive) {
  const auto messages = Messages(archive);
  const auto columns = std::make_shared<thresh::UserRecordColumns>();
  return [messages, columns] {
    columns->Truncate(0, 0, 0);  // its memory stays
    for (const Bytes message : messages) {
      thresh::ReadAggregatedRecord(message, columns.get());
    }
    if (columns->size() != kRecords) Fail("records are missing");
  };
}

Path Sum(const std::string& archive) {
  const auto batch = std::make_shared<thresh::Batch>();
  for (const Bytes message : Messages(archive)) {
    thresh::ReadAggregatedRecord(message, &batch->user_records);
  }
  return [batch] {
    thresh::ContentChecksum sum;
    sum.Add(*batch);
    if (sum == thresh::ContentChecksum()) Fail("no sum");
  };
}

// The whole job, on a mapped file in the current directory.
Path Job(const std::string& archive) {
  const std::string path = "archive.blobs";
  std::ofstream(path, std::ios::binary) << archive;
  return [path] {
    thresh::Options options;
    options.jobs = 1;
    options.on_suspect = thresh::SuspectPolicy::kSkip;
    const auto sink = thresh::OpenSink("-", thresh::OutputFormat::kNull);
    const auto report = thresh::Deaggregate({path}, options, sink->get());
    if (!report || report->summary.user_records != kRecords) {
      Fail("records are missing");
    }
  };
}

}  // namespace

// This function is counted: its name is passed to callgrind.
extern "C" [[gnu::noinline]] void thresh_hot_path(const Path& path) { path(); }

int main(int argc, char** argv) {
  const std::map<std::string, Path (*)(const std::string&)> paths = {
      {"md5", Md5}, {"wire", Wire}, {"sum", Sum}, {"job", Job}};
  const auto path = argc == 2 ? paths.find(argv[1]) : paths.end();
  if (path == paths.end()) Fail("usage: hot_paths md5|wire|sum|job");
  const std::string archive = Archive();
  const Path run = path->second(archive);
  run();  // once for one-time initialization
  thresh_hot_path(run);
}
