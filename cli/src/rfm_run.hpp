// One run of `quintile rfm`, step by step.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader_library.hpp"
#include "model_source.hpp"
#include "progress.hpp"
#include "read_facts.hpp"
#include "reject_list.hpp"
#include "rfm_options.hpp"
#include <quintile/date_time.hpp>
#include <quintile/engine.hpp>
#include <quintile/model.hpp>

namespace quintile::cli {

// Everything one run has made so far. Members are in the order in which they come to be.
struct RfmRun {
  RfmRun(const RfmOptions& asked, const RfmRequest& checked)
      : options(asked), request(checked), progress(asked.quiet) {}

  const RfmOptions& options;
  RfmRequest request;
  Progress progress;
  TimeZone zone;
  AsOf as_of;
  std::optional<AsOf> earlier_as_of;
  std::optional<RfmModel> model;
  bool is_preset = false;
  ColumnMap columns;
  ColumnMap contact_columns;
  LoaderLibrary loader;
  RejectList rejects;
  std::unique_ptr<Engine> engine;
  ReadFacts contacts_read;
  ReadFacts orders_read;
  std::shared_ptr<const Generation> generation;
  std::shared_ptr<const Generation> earlier;
  double recompute_seconds = 0;  // of the second computation that --timings asks for

  [[nodiscard]] const RfmResult& result() const { return *generation->rfm(model->name); }
};

using Outcome = std::optional<Failure>;  // nothing: go on

// The request: zone, instants, model, columns. Touches no data.
[[nodiscard]] Outcome prepare(RfmRun& run);
// Files into the engine; too many rejects are a failure.
[[nodiscard]] Outcome read_files(RfmRun& run);
// The generation, and the earlier one to compare with.
[[nodiscard]] Outcome compute(RfmRun& run);
// Files under unfinished names, then standard output; only then the files get their names.
[[nodiscard]] Outcome write_results(RfmRun& run);

}  // namespace quintile::cli
