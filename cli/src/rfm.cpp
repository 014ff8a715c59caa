// The command `rfm`: order files in, tiers and classes out.
#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "rfm_options.hpp"
#include "rfm_run.hpp"

namespace quintile::cli {
namespace {

ExitCode run_rfm(const RfmOptions& options) {
  RfmRequest request;
  if (const Outcome failure = check_rfm_options(options, request)) {
    return report_failure(*failure);
  }
  RfmRun run(options, request);
  for (const auto step : {prepare, read_files, compute, write_results}) {
    if (const Outcome failure = step(run)) {
      run.progress.stop();
      return report_failure(*failure);
    }
  }
  return ExitCode::kDone;
}

}  // namespace

Command add_rfm(CLI::App& program) {
  auto options = std::make_shared<RfmOptions>();
  CLI::App* app = program.add_subcommand(
      "rfm", "Tiers and classes of every contact by recency, frequency and monetary value");
  add_rfm_options(*app, *options);
  return {app, [options] { return run_rfm(*options); }};
}

}  // namespace quintile::cli
