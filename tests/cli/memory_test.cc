// The program's memory on small inputs that are made to use much of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "blob_maker.h"
#include "cli/archives.h"
#include "cli/run_program.h"
#include "oracle/compress.h"
#include "oracle/reference.h"
#include "oracle/samples.h"

// A sanitizer's own memory is a multiple of the program's.
#ifndef THRESH_SANITIZED

namespace thresh {
namespace {

class Memory : public testing::Test {
 protected:
  // The memory that a run may use: a fixed amount, an amount for each worker,
  // three times the largest record, and the stacks of its threads.
  static uint64_t Limit(unsigned jobs, size_t largest) {
    constexpr uint64_t kStack = uint64_t{8} << 20;
    return (uint64_t{64} << 20) + jobs * (uint64_t{32} << 20) + 3 * largest +
           (jobs + 1) * kStack;
  }

  // Runs the commands that read archives on `archive`, whose largest record has
  // `largest` bytes. `prints` is false for archives with too many records to
  // print; then commands that print every record are left out.
  void ExpectBounded(const std::string& archive, const std::string& container,
                     size_t largest, bool prints = true) {
    const std::string path = directory_ / "archive";
    WriteFile(path, archive);
    const std::vector<std::vector<std::string>> commands = {
        {"deaggregate", "-o", "/dev/null", "--quarantine", directory_ / "q"},
        {"deaggregate", "-o", "/dev/null", "--on-suspect", "skip", "--format",
         "lines"},
        {"deaggregate", "-o", "/dev/null", "--on-suspect", "skip", "--dedupe",
         "content", "--data-encoding", "text"},
        {"verify"},
        {"stats", "--json"},
        {"inspect", "--json"},
        {"inspect"},
    };
    for (std::vector<std::string> command : commands) {
      if (!prints && command.front() == "inspect") continue;
      SCOPED_TRACE(testing::PrintToString(command));
      command.insert(command.end(),
                     {path, "--container", container, "-j", "2"});
      const Outcome outcome =
          RunProgram(command, {.pipe = {},
                               .stdout_path = "/dev/null",
                               .directory = directory_.path(),
                               .memory = Limit(2, largest)});
      EXPECT_THAT(outcome.status, testing::AnyOf(0, 1)) << outcome.err;
    }
  }

  // The same for `archive` as length-delimited records.
  void ExpectErrorsWhereItIsOut(const std::string& archive) {
    const std::string path = directory_ / "archive";
    WriteFile(path, archive);
    bool any_failed = false;
    for (uint64_t mebibytes = 20; mebibytes <= 200; mebibytes += 15) {
      SCOPED_TRACE(mebibytes);
      const Outcome outcome =
          RunProgram({"deaggregate", path, "--container", "u32le", "-j", "1",
                      "-o", "/dev/null"},
                     {.pipe = {},
                      .stdout_path = {},
                      .directory = directory_.path(),
                      .memory = mebibytes << 20});
      EXPECT_THAT(outcome.status, testing::AnyOf(0, 3)) << outcome.err;
      if (outcome.status == 3) {
        any_failed = true;
        EXPECT_THAT(outcome.err, testing::HasSubstr(path + ": offset "));
        EXPECT_THAT(outcome.err, testing::HasSubstr("out of memory"));
      }
    }
    EXPECT_TRUE(any_failed);
  }

  TemporaryDirectory directory_;
};

TEST_F(Memory, OfManyRecordsWithOneLongKey) {
  std::string message = oracle::LengthField(1, std::string(50'000, 'k'));
  for (int i = 0; i < 12'000; ++i) message += oracle::RecordField(0, {}, "");
  const std::string blob = oracle::Seal(message);  // 600 MB of NDJSON
  ExpectBounded(blob, "blobs", blob.size());
}

TEST_F(Memory, OfEmptyRecords) {
  ExpectBounded(std::string(8'000'000, '\0'), "u32le", 0);
}

// As large as Kinesis accepts a record.
TEST_F(Memory, OfARecordOfEmptyUserRecords) {
  std::string message = oracle::LengthField(1, "k");
  for (int i = 0; i < 1'700'000; ++i) message += oracle::RecordField(0, {}, "");
  const std::string blob = oracle::Seal(message);
  ExpectBounded(blob, "record", blob.size());
}

TEST_F(Memory, OfBadLines) {
  std::string lines = Base64Text(AsBytes(MakeBlob({"sound"}))) + "\n";
  for (int i = 0; i < 1'000'000; ++i) lines += "!\n";
  ExpectBounded(lines, "base64-lines", 0);
}

// Lines of one byte, each of which is a record, and such that are none: rows
// take a hundred times the memory of the lines.
TEST_F(Memory, OfShortLinesThatArePacked) {
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "some text of a usual length\n";
  lines += std::string(4 << 20, '\n');
  for (int i = 0; i < 500'000; ++i) lines += "!\n";
  const std::string path = directory_ / "lines";
  WriteFile(path, lines);
  for (const std::vector<std::string>& from :
       {std::vector<std::string>{"--from", "lines", "--key", "k"},
        {"--from", "ndjson"},
        {"--from", "lines", "--key-pointer", "/k"}}) {
    SCOPED_TRACE(testing::PrintToString(from));
    std::vector<std::string> command = {
        "aggregate", path, "-o", directory_ / "out", "-q", "-j", "2"};
    command.insert(command.end(), from.begin(), from.end());
    const Outcome outcome = RunProgram(command, {.pipe = {},
                                                 .stdout_path = "/dev/null",
                                                 .directory = directory_.path(),
                                                 .memory = Limit(2, 0)});
    EXPECT_THAT(outcome.status, testing::AnyOf(0, 1)) << outcome.err;
  }
}

// A document counts as a record: it is read as a unit.
TEST_F(Memory, OfEmptyRecordsInADocument) {
  std::string json = R"({"Records":[{"SequenceNumber":"1","Data":""})";
  for (int i = 1; i < 500'000; ++i) {
    json += R"(,{"SequenceNumber":"1","Data":""})";
  }
  json += "]}";
  ExpectBounded(json, "json", json.size());
}

TEST_F(Memory, OfElementsOfTwoBytesInADocument) {
  std::string json = R"({"Records":[0)";
  for (int i = 0; i < 9'000'000; ++i) json += ",0";
  json += "]}";
  ExpectBounded(json, "json", json.size(), /*prints=*/false);
}

TEST_F(Memory, OfReportsWithoutRecords) {
  std::string reports;
  for (int i = 0; i < 1'000'000; ++i) reports += "{\"KinesisBatchInfo\":{}}\n";
  ExpectBounded(reports, "json", 0);
}

// Windows grow to the size of the large records, and then contain many small
// ones.
class MemoryOfDenseWindows : public Memory {
 protected:
  static constexpr size_t kLarge = size_t{4} << 20;
  static constexpr int kSmallRecords = 1'000'000;
  static constexpr int kLargeRecords = 20;

  // `large` many times, then `small` very many times.
  static std::string TurningDense(const std::string& large,
                                  const std::string& small) {
    std::string archive;
    for (int i = 0; i < kLargeRecords; ++i) archive += large;
    for (int i = 0; i < kSmallRecords; ++i) archive += small;
    return archive;
  }
};

TEST_F(MemoryOfDenseWindows, BehindLengths) {
  const std::string large = U32Le({std::string(kLarge, 'x')});
  ExpectBounded(TurningDense(large, U32Le({""})), "u32le", kLarge,
                /*prints=*/false);
}

TEST_F(MemoryOfDenseWindows, OfLines) {
  const std::string large = Base64Text(AsBytes(std::string(kLarge, 'x')));
  ExpectBounded(TurningDense(large + "\n", "!\n"), "base64-lines", kLarge,
                /*prints=*/false);
}

TEST_F(MemoryOfDenseWindows, OfDocuments) {
  const std::string large = Base64Text(AsBytes(std::string(kLarge, 'x')));
  const std::string begin = R"({"recordId":"1","data":")";
  // Little of the memory that is reserved for decoded data is ever written.
  constexpr size_t kReserved = size_t{64} << 20;
  ExpectBounded(TurningDense(begin + large + "\"}\n", begin + "\"}\n"), "json",
                kLarge + kReserved / 3, /*prints=*/false);
}

TEST_F(MemoryOfDenseWindows, OfBlobs) {
  ExpectBounded(TurningDense(MakeBlob({std::string(kLarge, 'x')}),
                             oracle::Seal(oracle::LengthField(1, "k"))),
                "blobs", kLarge, /*prints=*/false);
}

// With any memory limit that is too low, the program reports it.
TEST_F(Memory, ThatIsOutEndsTheRunWithAnError) {
  ExpectErrorsWhereItIsOut(U32Le({std::string(40 << 20, 'x')}));
}

// The same on a thread that opens inputs ahead of their turn.
TEST_F(Memory, ThatIsOutWhileInputsAreOpenedEndsTheRun) {
  const std::string record = U32Le({std::string(30 << 20, 'x')});
  std::vector<std::string> command = {
      "deaggregate", "--container", "u32le", "-j", "4", "-o", "/dev/null"};
  for (int i = 0; i < 6; ++i) {
    command.push_back(directory_ / std::to_string(i));
    WriteFile(command.back(), oracle::Gzip(record, 1));
  }
  bool any_failed = false;
  for (uint64_t mebibytes = 60; mebibytes <= 400; mebibytes += 34) {
    SCOPED_TRACE(mebibytes);
    const Outcome outcome = RunProgram(command, {.pipe = {},
                                                 .stdout_path = {},
                                                 .directory = directory_.path(),
                                                 .memory = mebibytes << 20});
    EXPECT_THAT(outcome.status, testing::AnyOf(0, 3)) << outcome.err;
    if (outcome.status == 0) continue;
    any_failed = true;
    EXPECT_THAT(outcome.err, testing::HasSubstr("memory"));
  }
  EXPECT_TRUE(any_failed);
}

TEST_F(MemoryOfDenseWindows, ThatIsOutEndsTheRunWithAnError) {
  ExpectErrorsWhereItIsOut(
      TurningDense(U32Le({std::string(kLarge, 'x')}), U32Le({""})));
}

}  // namespace
}  // namespace thresh

#endif
