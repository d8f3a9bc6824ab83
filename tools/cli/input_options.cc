// See input_options.h.
#include "cli/input_options.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace thresh::cli {

namespace {

Error Wrong(std::string message, std::string remedy) {
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
  for (const ContainerKind kind :
       {ContainerKind::kBlobs, ContainerKind::kU32Le, ContainerKind::kU32Be,
        ContainerKind::kVarint, ContainerKind::kBase64Lines,
        ContainerKind::kJson}) {
    choices.emplace_back(ContainerKindName(kind), kind);
  }
  return choices;
}

void AddInputOptions(CLI::App* app, InputOptions* options) {
  app->add_option("INPUT", options->words,
                  "Files, directories (walked in name order), globs, or - for "
                  "standard input")
      ->required()
      ->type_name("");
  AddChoice(app, "--container", &options->container,
            ContainerChoices(/*with_auto=*/true),
            "How Kinesis records lie in the input; gzip around it is "
            "recognised")
      ->group("Input");
  app->add_option("--jobs,-j", options->jobs,
                  "Worker threads; 0 is one per core")
      ->type_name("N")
      ->capture_default_str()
      ->group("Input");
  app->add_flag("--no-mmap", options->no_mmap,
                "Read files instead of mapping them into memory")
      ->group("Input");
}

Result<Inputs> FindInputs(const InputOptions& options) {
  Inputs inputs;
  if (std::ranges::count(options.words, "-") > 1) {
    return tl::unexpected(Wrong("standard input is named twice",
                                "name - once: it can be read only once"));
  }
  for (const std::string& word : options.words) {
    if (word.empty()) {
      return tl::unexpected(
          Wrong("an input has no name", "leave the empty argument out"));
    }
    Result<std::vector<std::string>> names = ExpandInputs({word});
    if (!names) {
      inputs.errors.push_back(std::move(names.error()));
    } else {
      inputs.names.insert(inputs.names.end(), names->begin(), names->end());
    }
  }
  if (inputs.names.empty()) return tl::unexpected(inputs.errors.front());
  return inputs;
}

Options ReadingOptions(const InputOptions& options) {
  Options reading;
  reading.container = options.container;
  reading.jobs = options.jobs;
  reading.use_mmap = !options.no_mmap;
  return reading;
}

}  // namespace thresh::cli
