// The program `quintile`: parse the command line, run one command, turn its outcome into an exit
// code.
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "output_file.hpp"
#include "version.hpp"
#include <quintile/closest_name.hpp>

namespace quintile::cli {

ExitCode report_failure(const Failure& failure) {
  std::fprintf(stderr, "quintile: %s\n", failure.message.c_str());
  return failure.code;
}

namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  quintile generate --contacts 10000 --seed 7 --out shop\n"
    "  quintile load --config shop/quintile.yaml --store shop.store\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --out scores.csv\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --summary --report page.html\n"
    "\n"
    "Exit codes: 0 done, 1 something is wrong with the data, 2 something is wrong with the "
    "request.\n"
    "Environment: QUINTILE_ISA=scalar|sse42|avx2|avx512|neon64 forces an instruction set.";

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

std::string closest_of(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return std::string(closest_name(word, views));
}

std::string unknown_command(const CLI::App& program, const std::string& word) {
  const std::vector<std::string> known = command_names(program);
  const std::string closest = closest_of(word, known);
  if (!closest.empty()) {
    return "unknown command '" + word + "'; did you mean '" + closest + "'?";
  }
  std::string all;
  for (const std::string& name : known) {
    all += (all.empty() ? "" : ", ") + name;
  }
  return "unknown command '" + word + "'; known are " + all;
}

// What is wrong, said of the first word that nobody asked for: an option that is misspelt also
// leaves the right one missing, and that would be the smaller help.
std::string usage_message(const CLI::App& program, const CLI::App& app,
                          const CLI::ParseError& error) {
  const std::vector<std::string> words = app.remaining();
  const auto is_option = [](const std::string& word) { return word.starts_with("-"); };
  const auto command = std::find_if_not(words.begin(), words.end(), is_option);
  if (&app == &program && command != words.end()) {
    return unknown_command(program, *command);
  }
  const auto option = std::find_if(words.begin(), words.end(), is_option);
  if (option != words.end()) {
    const std::string name = option->substr(0, option->find('='));
    const std::string closest = closest_of(name, option_names(app));
    return "unknown option " + name + (closest.empty() ? "" : "; did you mean " + closest + "?");
  }
  return error.what() + (words.empty() ? "" : " ('" + words[0] + "' belongs to no option)");
}

// CLI11 has one code per kind of error; scripts need to know only that the request was wrong.
ExitCode usage_error(CLI::App& program, const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    program.exit(error);  // --help and --version print to standard output
    return std::cout.flush() ? ExitCode::kDone : ExitCode::kData;
  }
  std::fprintf(stderr, "quintile: %s\nTry 'quintile --help' or 'quintile COMMAND --help'.\n",
               usage_message(program, app, error).c_str());
  return ExitCode::kUsage;
}

ExitCode run_program(int argc, char** argv) {
  if (const std::optional<Failure> failure = check_instruction_set()) {
    return report_failure(*failure);
  }
  CLI::App program{"quintile: exact RFM segmentation of customers from their orders, in memory",
                   "quintile"};
  program.footer(kFooter);
  program.set_version_flag("--version", version_text, "Print version, compiler, instruction set");
  program.require_subcommand(1);
  const std::array<Command, 7> commands = {
      add_generate(program), add_load(program),     add_models(program), add_query(program),
      add_rfm(program),      add_segments(program), add_stats(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto given = std::find_if(commands.begin(), commands.end(),
                                    [](const Command& each) { return each.app->parsed(); });
    const CLI::App& app = given == commands.end() ? program : *given->app;
    return usage_error(program, app, error);
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) {
      return command.run();
    }
  }
  return ExitCode::kUsage;
}

// A standard stream that is closed at the start would lend its number to the first file opened, and
// messages would go into that file. Results that are sent to a closed one are still a failure: it
// is opened for the other direction.
void open_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) {
      (void)!::open("/dev/null", stream == STDIN_FILENO
                                     ? O_WRONLY
                                     : O_RDONLY);  // takes the lowest free number: this one
    }
  }
}

}  // namespace
}  // namespace quintile::cli

int main(int argc, char** argv) {
  using quintile::cli::ExitCode;
  quintile::cli::open_closed_streams();
  quintile::cli::remove_unfinished_files_on_signals();
  try {
    return static_cast<int>(quintile::cli::run_program(argc, argv));
  } catch (const std::exception& error) {
    quintile::cli::remove_unfinished_files();
    return static_cast<int>(quintile::cli::report_failure({ExitCode::kData, error.what()}));
  }
}
