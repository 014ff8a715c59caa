// The command `query`: a condition over a store in, an answer about its contacts out.
#include <memory>

#include <CLI/CLI.hpp>

#include "query_run.hpp"
#include <quintile/catalogue.hpp>

namespace quintile::cli {
namespace {

constexpr const char* kFooter =
    "Without any of the questions the answer is the count.\n"
    "Examples:\n"
    "  quintile query --store shop.store \"rfm.class = 'loyal'\"\n"
    "  quintile query --store shop.store \"rfm.r >= 4\" --rows contact,rfm.monetary \\\n"
    "    --order-by \"rfm.monetary desc\" --limit 10\n"
    "  quintile query --store shop.store \"rfm.r >= 4 AND rfm.m >= 4\" --near-misses";

std::optional<Failure> query(const QueryOptions& options) {
  QueryRequest request;
  if (auto failure = check_query_options(options, request)) {
    return failure;
  }
  if (auto failure = check_outside_store("--out", options.output.out, options.store.store)) {
    return failure;
  }
  StoreSession session;
  if (auto failure = open_store(options.store, session)) {
    return failure;
  }
  const Result<Catalogue> catalogue = CatalogueFile::read(options.store.store);
  if (!catalogue.ok()) {
    return Failure{ExitCode::kData, std::string(catalogue.status().message())};
  }
  if (auto failure = compute_store(options.store, *catalogue, session)) {
    return failure;
  }
  return answer_query(options, request, session);
}

// An option whose value is empty would be taken for one that is not given.
std::string check_not_empty(const std::string& value) {
  return value.empty() ? "expected a text, got an empty one" : "";
}

void add_questions(CLI::App& app, QueryOptions& options) {
  app.add_flag("--count", options.count, "How many contacts, and for how many it is unknown");
  app.add_flag("--ids", options.ids, "Their ids, in the order in which they were first seen");
  app.add_option("--rows", options.rows, "Columns of each: attributes, MODEL.class, functions")
      ->type_name("COLS")
      ->check(check_not_empty);
  app.add_option("--sample", options.sample, "So many of them at random; --rows says what of each")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{kMaxAnswerRows}))
      ->type_name("N");
  app.add_option("--facet", options.facet, "How many have each value of a column")
      ->type_name("COL")
      ->check(check_not_empty);
  app.add_option("--stats", options.stats, "Sum, mean, min, quantiles, max of a column")
      ->type_name("COL")
      ->check(check_not_empty);
  app.add_option("--crosstab", options.crosstab, "How many have each pair of values of two columns")
      ->type_name("COL,COL")
      ->check(check_not_empty);
  app.add_option("--explain", options.explain, "Why a contact is in or out, term by term")
      ->type_name("CONTACT")
      ->check(check_not_empty);
  app.add_flag("--near-misses", options.near_misses,
               "For each term of the AND, how many contacts it alone keeps out");
  app.add_option("--overlap", options.overlap,
                 "Up to eight segments, instead of a condition: every intersection")
      ->type_name("SEGMENTS")
      ->check(check_not_empty);
}

}  // namespace

Command add_query(CLI::App& program) {
  const auto options = std::make_shared<QueryOptions>();
  CLI::App* app = program.add_subcommand("query", "Ask a store about the contacts of a condition");
  app->footer(kFooter);
  app->add_option("condition", options->expression, "As in a SQL WHERE clause");
  add_store_options(*app, options->store);
  add_questions(*app, *options);
  app->add_option("--order-by", options->order_by,
                  "Of --rows: columns, each with asc (default) or desc; nothing known comes last")
      ->type_name("COLS")
      ->check(check_not_empty);
  app->add_option("--limit", options->limit,
                  "Most lines of --ids (default: all), --rows and --facet (default: 100)")
      ->type_name("N");
  app->add_option("--seed", options->seed, "Of --sample: another text, another sample")
      ->capture_default_str()
      ->type_name("TEXT");
  app->add_option("--quantiles", options->quantiles, "Of --stats: numbers from 0 to 1")
      ->capture_default_str()
      ->type_name("LIST");
  add_table_output(*app, options->output);
  return {app, [options] {
            const std::optional<Failure> failure = query(*options);
            return failure ? report_failure(*failure) : ExitCode::kDone;
          }};
}

}  // namespace quintile::cli
