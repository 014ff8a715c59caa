// What every command of the program has in common. One file per command registers its options with
// CLI11 and hands back what to run once they are parsed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace quintile::cli {

// How the program ends. The numbers are a contract with scripts.
enum class ExitCode : std::uint8_t {
  kDone = 0,
  kData = 1,   // anything wrong with the data or the files
  kUsage = 2,  // a bad option, an unknown preset, an unknown instruction set
};

struct Command {
  CLI::App* app = nullptr;        // its subcommand; owned by the program
  std::function<ExitCode()> run;  // called once, after parsing, when the subcommand was given
};

// Each adds its subcommand to the program. The options live as long as the returned `run`.
[[nodiscard]] Command add_generate(CLI::App& program);
[[nodiscard]] Command add_load(CLI::App& program);
[[nodiscard]] Command add_models(CLI::App& program);
[[nodiscard]] Command add_query(CLI::App& program);
[[nodiscard]] Command add_rfm(CLI::App& program);
[[nodiscard]] Command add_segments(CLI::App& program);
[[nodiscard]] Command add_stats(CLI::App& program);

// A failure that ends the command: `message` goes to standard error after "quintile: ".
struct Failure {
  ExitCode code = ExitCode::kData;
  std::string message;
};

// Print "quintile: MESSAGE" to standard error and return the failure's exit code.
ExitCode report_failure(const Failure& failure);

}  // namespace quintile::cli
