// `thresh generate`: writes archives for tests and benchmarks.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands/command.h"
#include "cli/options/archive_format.h"
#include "cli/options/choice.h"
#include "cli/options/count.h"
#include "cli/options/output_files.h"
#include "cli/options/publish_options.h"
#include "cli/report/messages.h"
#include "cli/report/progress.h"
#include "cli/report/summary_printer.h"
#include "cli/report/units.h"
#include "generator/generator.h"
#include "thresh/byte_output.h"
#include "thresh/record_writer.h"

namespace thresh::cli {
namespace {

using generator::DataKind;
using generator::GeneratorOptions;
using generator::GeneratorProgress;
using generator::GeneratorReport;
using generator::KeyDistribution;

constexpr char kGenerateName[] = "generate";
constexpr char kGenerateFooter[] =
    R"(SIZE is a number of bytes, with or without a unit: 1000, 50KiB, 1MiB, 2MB.
The same options and seed make the same bytes everywhere.

Examples:
  thresh generate -o small.bin --records 1000000
  thresh generate -o varied.bin --records 100000 --record-size 20..20kB \
      --keys 5000 --key-distribution zipf --explicit-hash-keys 0.25
  thresh generate -o mixed.bin --records 100000 --container u32le --plain 0.2

Exit status: 0 done, 2 wrong usage, 3 the output failed.)";

struct GenerateOptions {
  GeneratorOptions generator;
  ContainerFormat format;
  std::string out;
  PublishOptions publish;
  bool quiet = false;
  ContentSums content;
};

generator::SizeRange ToSizeRange(const std::string& option,
                                 std::string_view text) {
  const size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const uint64_t size = ToByteSize(option, text);
    return {size, size};
  }
  return {ToByteSize(option, text.substr(0, dots)),
          ToByteSize(option, text.substr(dots + 2))};
}

uint64_t ToKeys(const std::string& option, const std::string& text) {
  if (text == "unique") return 0;
  const std::optional<uint64_t> keys = ParseCount(text);
  if (!keys) {
    throw CLI::ValidationError(
        option, fmt::format("'{}' is neither a number nor 'unique'", text));
  }
  return *keys;
}

void AddKeyOptions(CLI::App* app, GeneratorOptions* options) {
  app->add_option_function<std::string>(
         "--keys",
         [options](const std::string& text) {
           options->keys = ToKeys("--keys", text);
         },
         "Different partition keys; 'unique' or 0 for a new one per record")
      ->type_name("K|unique")
      ->default_str("1000")
      ->group("User records");
  AddChoice(app, "--key-distribution", &options->key_distribution,
            {{"uniform", KeyDistribution::kUniform},
             {"zipf", KeyDistribution::kZipf}},
            "How often each key comes")
      ->group("User records");
  app->add_option("--explicit-hash-keys", options->explicit_hash_keys,
                  "Share of the records with an explicit hash key, 0 to 1")
      ->type_name("FRACTION")
      ->capture_default_str()
      ->group("User records");
}

void AddRecordOptions(CLI::App* app, GeneratorOptions* options) {
  AddCount(app, "--records", &options->records, "How many")
      ->required()
      ->type_name("N")
      ->group("User records");
  app->add_option_function<std::string>(
         "--record-size",
         [options](const std::string& text) {
           options->record_size = ToSizeRange("--record-size", text);
         },
         "Bytes of data in each; MIN..MAX spreads them log-normally")
      ->type_name("SIZE|MIN..MAX")
      ->default_str("100")
      ->group("User records");
  AddChoice(app, "--data", &options->data,
            {{"text", DataKind::kText},
             {"json", DataKind::kJson},
             {"binary", DataKind::kBinary}},
            "What the data is: printable characters, a JSON value, any bytes")
      ->group("User records");
  AddKeyOptions(app, options);
  AddCount(app, "--seed", &options->seed, "Another seed, other records")
      ->type_name("X")
      ->default_str("1")
      ->group("User records");
}

void AddArchiveOptions(CLI::App* app, GenerateOptions* options) {
  GeneratorOptions* const generator = &options->generator;
  app->add_option("--output,-o", options->out,
                  "File to write, or - for standard output")
      ->required()
      ->type_name("OUT")
      ->group("Archive");
  AddChoice(app, "--container", &options->format, ArchiveFormatChoices(),
            "How Kinesis records lie in the file")
      ->group("Archive");
  AddByteSize(app, "--blob-size", &generator->blob_size,
              "Upper bound of an aggregated record, magic and digest included; "
              "1KiB to 10MiB")
      ->default_str("50KiB")
      ->group("Archive");
  app->add_option("--plain", generator->plain,
                  "Share of the Kinesis records that are a single user record, "
                  "not aggregated, 0 to 1; not with blobs")
      ->type_name("FRACTION")
      ->capture_default_str()
      ->group("Archive");
  AddNoSync(app, &options->publish);
  app->add_flag("--quiet,-q", options->quiet,
                "No progress bar and no summary; errors are still told")
      ->group("Archive");
  AddContentOptions(app, &options->content, "Archive");
}

Result<GeneratorReport> GenerateTo(ByteOutput* file,
                                   const GenerateOptions& options) {
  GeneratorOptions generator = options.generator;
  generator.container = options.format.container;
  generator.json = options.format.json;
  generator.content_checksum = options.content.checksum;
  generator.content_digest = options.content.digest;
  ProgressBar bar(!options.quiet);
  generator.progress = [&](const GeneratorProgress& progress) {
    bar.Update({.done = progress.user_records,
                .total = generator.records,
                .bytes = progress.bytes,
                .records = progress.user_records});
  };
  const auto write = [file](Bytes bytes) { return file->Write(bytes); };
  Result<GeneratorReport> report = generator::Generate(generator, write);
  if (!report) return report;
  if (Result<void> committed = file->Commit(); !committed) {
    return tl::unexpected(committed.error());
  }
  return report;
}

ExitStatus RunGenerate(const GenerateOptions& options) {
  if (const auto conflict = FindOutputConflict(options.out, "", {})) {
    return ReportUsageError(kGenerateName, *conflict);
  }
  const Result<std::unique_ptr<ByteOutput>> file =
      OpenOutput(options.out, {.sync = !options.publish.no_sync});
  if (!file) return ReportError(file.error());
  const Result<GeneratorReport> report = GenerateTo(file->get(), options);
  if (!report) {
    return report.error().code == ErrorCode::kInvalidArgument
               ? ReportUsageError(kGenerateName, report.error().ToString())
               : ReportError(report.error());
  }
  if (!options.quiet) {
    const std::string text =
        fmt::format("{} user records in {} Kinesis records, {} bytes\n",
                    WithThousands(report->user_records),
                    WithThousands(report->kinesis_records),
                    WithThousands(report->bytes)) +
        ContentText(report->content_checksum, report->content_digest);
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  }
  return ExitStatus::kClean;
}

}  // namespace

Command AddGenerateCommand(CLI::App* program) {
  const auto options = std::make_shared<GenerateOptions>();
  CLI::App* app = program->add_subcommand(
      kGenerateName,
      "Make an archive of random records for tests and benchmarks");
  AddArchiveOptions(app, options.get());
  AddRecordOptions(app, &options->generator);
  app->footer(kGenerateFooter);
  return {app, [options] { return RunGenerate(*options); }};
}

}  // namespace thresh::cli
