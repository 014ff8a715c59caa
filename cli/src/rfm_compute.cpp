#include "cut_words.hpp"
#include "number_text.hpp"
#include "result_summary.hpp"
#include "rfm_run.hpp"

namespace quintile::cli {
namespace {

void tell_result(RfmRun& run) {
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    run.progress.note(
        "  " + cuts_line(*run.model, run.result(), static_cast<Axis>(axis), run.request.decimals));
  }
  for (const std::string& warning : result_warnings(*run.model, run.result())) {
    run.progress.warn(warning);
  }
}

// The first computation also puts the orders in place; the second is what every later one costs.
Outcome compute_again(RfmRun& run) {
  run.progress.start("compute the same again");
  const Result<std::shared_ptr<const Generation>> again = run.engine->evaluate(run.as_of);
  if (!again.ok()) {
    return data_failure(again.status());
  }
  const std::uint64_t contacts = run.result().listed_count();
  run.recompute_seconds = run.progress.finish(counted(contacts, "contact", "contacts"));
  return std::nullopt;
}

}  // namespace

Outcome compute(RfmRun& run) {
  run.progress.start("compute " + run.model->name + " as of " + run.as_of.text);
  RecomputeOptions options;
  options.series = !run.options.report.empty();
  Result<std::shared_ptr<const Generation>> generation = run.engine->recompute(run.as_of, options);
  if (!generation.ok()) {
    return data_failure(generation.status());
  }
  run.generation = std::move(*generation);
  const std::uint64_t contacts = run.result().listed_count();
  run.progress.finish(counted(contacts, "contact", "contacts"));
  tell_result(run);
  if (run.options.timings) {
    if (Outcome failure = compute_again(run)) {
      return failure;
    }
  }
  if (!run.earlier_as_of) {
    return std::nullopt;
  }
  run.progress.start("compute " + run.model->name + " as of " + run.earlier_as_of->text);
  Result<std::shared_ptr<const Generation>> earlier = run.engine->evaluate(*run.earlier_as_of);
  if (!earlier.ok()) {
    return data_failure(earlier.status());
  }
  run.earlier = std::move(*earlier);
  const std::uint64_t earlier_contacts = run.earlier->rfm(run.model->name)->listed_count();
  run.progress.finish(counted(earlier_contacts, "contact", "contacts"));
  return std::nullopt;
}

}  // namespace quintile::cli
