// An earlier result with its suspects, and a run that replaces both.
#ifndef THRESH_TESTS_FAULTS_PAIR_H_
#define THRESH_TESTS_FAULTS_PAIR_H_

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/archives.h"
#include "faults/faulty_run.h"

namespace thresh {

// The content of OUT and of its quarantine; null where there is no file.
using Pair = std::pair<std::optional<std::string>, std::optional<std::string>>;

inline std::optional<std::string> ContentOf(const std::string& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return ReadFile(path);
}

// How an old and a new result differ.
struct PairCase {
  bool had_output;
  bool had_suspects;
  bool has_suspects;
  // Whether an input is missing, and the files end in .incomplete.
  bool incomplete = false;
  // Whether OUT is a link to another directory.
  bool linked = false;
  // Whether --quarantine names a file of another directory.
  bool elsewhere = false;
};

inline std::vector<PairCase> PairCases() {
  std::vector<PairCase> cases;
  for (const bool had_output : {true, false}) {
    for (const bool had_suspects : {true, false}) {
      for (const bool has_suspects : {true, false}) {
        for (const bool incomplete : {false, true}) {
          cases.push_back({had_output, had_suspects, has_suspects, incomplete});
        }
      }
    }
  }
  cases.push_back({true, true, true, false, true, false});
  cases.push_back({true, true, false, false, true, false});
  cases.push_back({true, false, true, false, false, true});
  cases.push_back({true, true, true, false, false, true});
  return cases;
}

class PairScene {
 public:
  explicit PairScene(const PairCase& pair_case) : case_(pair_case) {
    WriteFile(directory_ / "old-clean", U32Le({MakeBlob({"old"})}));
    WriteFile(directory_ / "old-mixed",
              U32Le({MakeBlob({"old"}), MakeDamagedBlob()}));
    WriteFile(directory_ / "new-clean", U32Le({MakeBlob({"new"})}));
    WriteFile(directory_ / "new-mixed",
              U32Le({MakeDamagedBlob(), MakeBlob({"new"})}));
    std::filesystem::create_directory(directory_ / "there");
    if (case_.linked) {
      std::filesystem::create_symlink("there/file", directory_ / "out");
    }
    Run("old", case_.had_suspects, {});
    old_ = Now();
    if (!case_.had_output) {
      std::filesystem::remove(Output());
      old_.first.reset();
    }
    Run("new", case_.has_suspects, {});
    new_ = Now();
    Reset();
  }

  // Restores the old files only.
  void Reset() {
    std::filesystem::remove(Output());
    std::filesystem::remove(Side());
    for (const std::string& path : {Output(), Side()}) {
      std::filesystem::remove(Base(path) + ".partial");
    }
    if (old_.first) WriteFile(Output(), *old_.first);
    if (old_.second) WriteFile(Side(), *old_.second);
  }

  FaultyOutcome RunNew(Faults faults,
                       std::optional<std::chrono::microseconds> kill_after = {},
                       const std::vector<std::string>& more = {}) {
    return Run("new", case_.has_suspects, std::move(faults), kill_after, more);
  }

  [[nodiscard]] Pair Now() const {
    return {ContentOf(Output()), ContentOf(Side())};
  }

  // Whether `pair` cannot be mistaken for a result with the wrong suspects.
  [[nodiscard]] bool IsSound(const Pair& pair) const {
    return !pair.first || pair == old_ || pair == new_;
  }

  [[nodiscard]] std::string Output() const {
    return directory_ / (case_.linked ? "there/file" : "out") + Suffix();
  }
  [[nodiscard]] std::string Side() const {
    return directory_ /
               (case_.elsewhere ? "there/side" : "out.quarantine.ndjson") +
           Suffix();
  }
  [[nodiscard]] const Pair& old_pair() const { return old_; }
  [[nodiscard]] const Pair& new_pair() const { return new_; }
  [[nodiscard]] std::string path() const { return directory_.path(); }

  [[nodiscard]] std::string Name() const {
    const auto text = [](bool value) { return value ? "1" : "0"; };
    return std::string("output ") + text(case_.had_output) + ", suspects " +
           text(case_.had_suspects) + " to " + text(case_.has_suspects) +
           ", incomplete " + text(case_.incomplete) + ", linked " +
           text(case_.linked) + ", elsewhere " + text(case_.elsewhere);
  }

 private:
  [[nodiscard]] std::string Suffix() const {
    return case_.incomplete ? ".incomplete" : "";
  }
  [[nodiscard]] std::string Base(const std::string& path) const {
    return path.substr(0, path.size() - Suffix().size());
  }

  FaultyOutcome Run(const std::string& age, bool suspects, Faults faults,
                    std::optional<std::chrono::microseconds> kill_after = {},
                    const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "deaggregate",
        directory_ / (age + (suspects ? "-mixed" : "-clean")),
        "--container",
        "u32le",
        "--format",
        "lines",
        "-j1",
        "-o",
        directory_ / "out"};
    if (case_.incomplete) arguments.push_back(directory_ / "missing");
    if (case_.elsewhere) {
      arguments.insert(arguments.end(),
                       {"--quarantine", directory_ / "there/side"});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    faults.under = directory_.path();
    return RunFaulty(arguments, faults, kill_after);
  }

  TemporaryDirectory directory_;
  PairCase case_;
  Pair old_;
  Pair new_;
};

}  // namespace thresh

#endif  // THRESH_TESTS_FAULTS_PAIR_H_
