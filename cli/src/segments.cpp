// The command `segments`: the segments of a store, and changes of their definitions.
#include <array>
#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "output_file.hpp"
#include "segments_run.hpp"

namespace quintile::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  quintile segments --store shop.store --as-of 2025-12-31\n"
    "  quintile segments --store shop.store --put young --where \"birth_year > 1995\" --preview\n"
    "  quintile segments --store shop.store --put young --where \"birth_year > 1995\" --note \"as "
    "agreed\"\n"
    "  quintile segments --store shop.store --put guests --list guests.txt\n"
    "  quintile segments --store shop.store --rename guests --to invited\n"
    "  quintile segments --store shop.store --history young\n"
    "  quintile segments --store shop.store --delete young";

Failure usage(std::string message) { return {ExitCode::kUsage, std::move(message)}; }

std::optional<Failure> check_put(const SegmentsOptions& options) {
  if (options.put.empty()) {
    if (!options.where.empty() || !options.list.empty() || options.preview ||
        !options.overlap.empty()) {
      return usage("--where, --list, --preview and --overlap belong to --put");
    }
    return std::nullopt;
  }
  if (options.where.empty() == options.list.empty()) {
    return usage("--put: expected either --where EXPRESSION or --list FILE");
  }
  return std::nullopt;
}

std::optional<Failure> run_segments(const SegmentsOptions& options) {
  struct Action {
    const std::string& name;
    std::optional<Failure> (*run)(const SegmentsOptions&);
  };
  const std::array<Action, 5> actions = {{{options.show, show_segment},
                                          {options.history, show_history},
                                          {options.put, put_segment},
                                          {options.remove, remove_segment},
                                          {options.rename, rename_segment}}};
  const Action* asked = nullptr;
  for (const Action& action : actions) {
    if (!action.name.empty() && asked != nullptr) {
      return usage("expected one of --show, --history, --put, --delete and --rename");
    }
    asked = action.name.empty() ? asked : &action;
  }
  if (auto failure = check_put(options)) {
    return failure;
  }
  if (options.rename.empty() != options.to.empty()) {
    return usage("expected --rename NAME together with --to NEW_NAME");
  }
  const bool changes = asked != nullptr && asked->run != show_segment && asked->run != show_history;
  if (!changes && (!options.author.empty() || !options.note.empty())) {
    return usage("--author and --note belong to --put, --delete and --rename");
  }
  Format format = Format::kCsv;
  if (auto failure = find_format(options.output, format)) {
    return failure;
  }
  if (auto failure = check_outside_store("--out", options.output.out, options.store.store)) {
    return failure;
  }
  // A change is saved before its answer is written: an answer that cannot be is found out first.
  if (OutputFile answer; changes && !options.output.out.empty() && options.output.out != "-") {
    if (auto failure = answer.reserve(options.output.out)) {
      return failure;
    }
  }
  return asked == nullptr ? list_segments(options) : asked->run(options);
}

}  // namespace

Command add_segments(CLI::App& program) {
  const auto options = std::make_shared<SegmentsOptions>();
  CLI::App* command =
      program.add_subcommand("segments", "List, show and change the segments of a store");
  command->footer(kFooter);
  add_store_options(*command, options->store);
  add_table_output(*command, options->output);
  command->add_option("--show", options->show, "Show one segment: definition, users, counts");
  command->add_option("--history", options->history, "Show the versions of one segment");
  command->add_option("--put", options->put, "Add a segment, or change its definition");
  command->add_option("--where", options->where, "--put: those for whom this expression is true");
  command->add_option("--list", options->list,
                      "--put: the contacts of this file, one id a line; - for standard input");
  command->add_flag("--preview", options->preview, "--put: show what it would do, save nothing");
  command->add_option("--overlap", options->overlap, "--put: segments to compare with")
      ->delimiter(',');
  command->add_option("--rename", options->rename, "Give a segment the name of --to");
  command->add_option("--to", options->to, "--rename: the new name");
  command->add_option("--delete", options->remove, "Delete a segment that no other uses");
  command->add_option("--author", options->author, "Who changes it; the user of this process");
  command->add_option("--note", options->note, "Why it is changed");
  return {command, [options] {
            const std::optional<Failure> failure = run_segments(*options);
            return failure ? report_failure(*failure) : ExitCode::kDone;
          }};
}

}  // namespace quintile::cli
