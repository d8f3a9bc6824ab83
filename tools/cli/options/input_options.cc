// See input_options.h.
#include "cli/options/input_options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "cli/options/count.h"

namespace thresh::cli {

namespace {

Error WrongInput(std::string message, std::string remedy) {
  return Error{.code = ErrorCode::kInvalidArgument,
               .file = {},
               .offset = std::nullopt,
               .message = std::move(message),
               .remedy = std::move(remedy)};
}

}  // namespace

Choices<ContainerKind> ContainerChoices(bool with_auto) {
  Choices<ContainerKind> choices;
  if (with_auto) {
    choices.emplace_back(ContainerKindName(ContainerKind::kAuto),
                         ContainerKind::kAuto);
  }
  for (const ContainerKind kind : ContainerKinds()) {
    choices.emplace_back(ContainerKindName(kind), kind);
  }
  return choices;
}

void AddInputWords(CLI::App* app, InputOptions* options) {
  app->add_option("INPUT", options->words,
                  "Files, directories (walked in name order), globs, or - for "
                  "standard input; zip, tar and 7z archives are directories")
      ->required()
      ->type_name("");
}

void AddInputOptions(CLI::App* app, InputOptions* options) {
  AddInputWords(app, options);
  AddChoice(app, "--container", &options->container,
            ContainerChoices(/*with_auto=*/true),
            "Container of the Kinesis records (record: each file is one); "
            "compression (gzip, zstd, snappy) is recognized")
      ->group("Input");
  AddReadingOptions(app, options);
}

void AddReadingOptions(CLI::App* app, InputOptions* options) {
  app->add_option("--include", options->include,
                  "In directories and archives, read only the files that match "
                  "this or another --include, by path or by name")
      ->type_name("GLOB")
      ->allow_extra_args(false)
      ->group("Input");
  app->add_option(
         "--exclude", options->exclude,
         "Leave out files that match; they are counted like those that are "
         "never read: __MACOSX/, ._*, .DS_Store, _SUCCESS, *.crc, links")
      ->type_name("GLOB")
      ->allow_extra_args(false)
      ->group("Input");
  app->add_flag("--nested", options->nested,
                "De-aggregate user records that are aggregates themselves, up "
                "to four levels deep; they are counted in any case")
      ->group("Input");
  app->add_option("--jobs,-j", options->jobs,
                  "Number of worker threads; 0 is one per core")
      ->type_name("N")
      ->capture_default_str()
      ->group("Input");
  app->add_flag("--no-mmap", options->no_mmap,
                "Read files instead of mapping them into memory")
      ->group("Input");
  AddCount(app, "--max-expansion", &options->max_expansion,
           "Fail for a compressed file that expands to more than this many "
           "times its size and to more than 64 MiB")
      ->type_name("RATIO")
      ->default_str(std::to_string(options->max_expansion))
      ->group("Input");
  AddByteSize(app, "--max-expanded-bytes", &options->max_expanded_bytes,
              "Fail for a compressed file that expands to more bytes")
      ->default_str("64GiB")
      ->group("Input");
}

Result<Inputs> FindInputs(const InputOptions& options) {
  Inputs inputs;
  std::vector<std::string> files;
  LeftOut left_out;
  const Options reading = ReadingOptions(options);
  if (std::ranges::count(options.words, "-") > 1) {
    return tl::unexpected(WrongInput("standard input is named twice",
                                     "name - once: it can be read only once"));
  }
  for (const std::string& word : options.words) {
    if (word.empty()) {
      return tl::unexpected(
          WrongInput("an input has no name", "leave the empty argument out"));
    }
    const Result<InputList> found = ExpandInputs({word}, reading);
    if (!found) {
      inputs.errors.push_back(found.error());
    } else {
      std::ranges::move(found->Files(), std::back_inserter(files));
      left_out += found->left_out();
    }
  }
  if (files.empty() && !inputs.errors.empty()) {
    return tl::unexpected(inputs.errors.front());
  }
  inputs.list = InputList(std::move(files), left_out);
  return inputs;
}

Options ReadingOptions(const InputOptions& options) {
  Options reading;
  reading.container = options.container;
  reading.nested = options.nested;
  reading.jobs = options.jobs;
  reading.use_mmap = !options.no_mmap;
  reading.max_expansion = options.max_expansion;
  reading.max_expanded_bytes = options.max_expanded_bytes;
  reading.include = options.include;
  reading.exclude = options.exclude;
  return reading;
}

}  // namespace thresh::cli
