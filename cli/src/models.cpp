// The command `models`: the models of a store with their tiers, cut points and classes.
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "number_text.hpp"
#include "rows_table.hpp"
#include "store_session.hpp"
#include "table_output.hpp"

namespace quintile::cli {
namespace {

constexpr const char* kFooter =
    "Columns: part is r, f, m or class; of a tier (code 1 is the worst) the values above `over` "
    "up\n"
    "to and including `up_to` are in it, nothing stands for no bound; code 0 is no purchase.\n"
    "\n"
    "Examples:\n"
    "  quintile models --store shop.store --as-of 2025-12-31\n"
    "  quintile models --store shop.store --model rfm --format json";

struct ModelsOptions {
  StoreOptions store;
  TableOutput output;
  std::string model;
};

struct ModelRows {
  RowsTable& table;
  const RfmResult& result;
  int decimals;

  void add(const char* part, std::size_t code, const std::string& name, Cell over, Cell up_to,
           const GroupMeasures& measures, const char* note) const {
    table.add({result.model(), part, static_cast<Int128>(code), name.empty() ? Cell() : Cell(name),
               std::move(over), std::move(up_to), static_cast<Int128>(measures.contacts),
               measures.revenue, *note == '\0' ? Cell() : Cell(note)});
  }
};

Cell value_cell(std::int64_t value, Axis axis, int decimals) {
  return number_text(value, axis == Axis::kMonetary ? decimals : 0);
}

bool holds(const std::vector<int>& tiers, int tier) {
  return std::find(tiers.begin(), tiers.end(), tier) != tiers.end();
}

void add_tiers(const ModelRows& rows, Axis axis, const char* part) {
  const AxisCuts& cuts = rows.result.cuts(axis);
  const auto measures = rows.result.tier_measures(axis);
  rows.add(part, 0, "", {}, {}, measures[0], "");
  for (int tier = 1; tier <= cuts.tiers; ++tier) {
    Cell over;
    Cell up_to;
    // How many cut points lie below the values of the tier: recency runs the other way.
    const auto below =
        static_cast<std::size_t>(axis == Axis::kRecency ? cuts.tiers - tier : tier - 1);
    if (cuts.cuts.size() + 1 == static_cast<std::size_t>(cuts.tiers)) {
      over = below == 0 ? Cell() : value_cell(cuts.cuts[below - 1], axis, rows.decimals);
      up_to =
          below == cuts.cuts.size() ? Cell() : value_cell(cuts.cuts[below], axis, rows.decimals);
    }
    const auto position = static_cast<std::size_t>(tier);
    rows.add(part, position, cuts.names.empty() ? "" : cuts.names[position - 1], std::move(over),
             std::move(up_to), measures[position],
             holds(cuts.collapsed_tiers, tier) ? "no value falls here: cut points coincide" : "");
  }
}

void add_model(const ModelRows& rows) {
  constexpr const char* kParts[] = {"r", "f", "m"};
  for (std::size_t axis = 0; axis < kAxisCount; ++axis) {
    add_tiers(rows, static_cast<Axis>(axis), kParts[axis]);
  }
  const auto classes = rows.result.class_infos();
  for (std::size_t code = 0; code < classes.size(); ++code) {
    const ClassInfo& info = classes[code];
    const char* note = !info.reachable       ? "no combination of tiers leads here"
                       : !info.reachable_now ? "no contact can be here: tiers have collapsed"
                                             : "";
    rows.add("class", code, info.name, {}, {}, info.measures, note);
  }
}

std::optional<Failure> list_models(const ModelsOptions& options) {
  Format format = Format::kCsv;
  if (auto failure = find_format(options.output, format)) {
    return failure;
  }
  if (auto failure = check_outside_store("--out", options.output.out, options.store.store)) {
    return failure;
  }
  StoreSession session;
  if (auto failure = open_store(options.store, session)) {
    return failure;
  }
  if (auto failure = compute_store(options.store, Catalogue(), session)) {
    return failure;
  }
  const int decimals = session.engine->options().currency_decimals;
  constexpr Column::Type kText = Column::Type::kText;
  constexpr Column::Type kNumber = Column::Type::kNumber;
  RowsTable table({{"model", kText},
                   {"part", kText},
                   {"code", kNumber},
                   {"name", kText},
                   {"over", kText},
                   {"up_to", kText},
                   {"contacts", kNumber},
                   {"revenue", kNumber, decimals},
                   {"note", kText}});
  bool found = options.model.empty();
  for (const std::string& name : session.generation->model_names()) {
    if (options.model.empty() || options.model == name) {
      found = true;
      add_model({table, *session.generation->rfm(name), decimals});
    }
  }
  if (!found) {
    return Failure{ExitCode::kUsage, "--model: the store has no model '" + options.model + "'"};
  }
  return write_table(table, options.output);
}

}  // namespace

Command add_models(CLI::App& program) {
  const auto options = std::make_shared<ModelsOptions>();
  CLI::App* command = program.add_subcommand(
      "models", "List the models of a store: tiers, cut points, classes, counts");
  command->footer(kFooter);
  add_store_options(*command, options->store);
  add_table_output(*command, options->output);
  command->add_option("--model", options->model, "Only this one");
  return {command, [options] {
            const std::optional<Failure> failure = list_models(*options);
            return failure ? report_failure(*failure) : ExitCode::kDone;
          }};
}

}  // namespace quintile::cli
