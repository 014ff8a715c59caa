#include "report_data.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>

#include "cut_words.hpp"
#include "number_text.hpp"
#include "result_summary.hpp"
#include "version.hpp"

namespace quintile::cli {
namespace {

using report::PageData;

void add_dimensions(const RfmRun& run, PageData& data) {
  constexpr const char* kTitles[] = {"Recency", "Frequency", "Monetary"};
  constexpr const char* kLetters[] = {"R", "F", "M"};
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const Axis axis = static_cast<Axis>(i);
    report::DimensionPart& part = data.dimensions.emplace_back();
    part.title = kTitles[i];
    part.letter = kLetters[i];
    part.method = method_words(run.model->tiers[i]);
    const auto measures = run.result().tier_measures(axis);
    const std::vector<TierWords> words =
        tier_words(*run.model, run.result(), axis, run.request.decimals);
    for (std::size_t tier = 1; tier <= words.size(); ++tier) {
      const TierWords& each = words[tier - 1];
      part.tiers.push_back(
          {each.name, each.range, measures[tier].contacts, measures[tier].revenue, each.collapsed});
    }
  }
}

void add_grids(const RfmRun& run, PageData& data) {
  for (const CrossTab& tab : run.result().cross_tabs()) {
    report::GridPart& grid = data.grids.emplace_back();
    grid.row_dimension = to_index(tab.rows);
    grid.column_dimension = to_index(tab.columns);
    grid.rows = static_cast<std::size_t>(tab.row_tiers);
    grid.columns = static_cast<std::size_t>(tab.column_tiers);
    for (std::size_t i = 1; i <= grid.rows; ++i) {
      for (std::size_t j = 1; j <= grid.columns; ++j) {
        const std::size_t at = i * (grid.columns + 1) + j;
        grid.contacts.push_back(tab.contacts[at]);
        grid.revenue.push_back(tab.revenue[at]);
      }
    }
  }
}

// What everybody spent, most first, summed up at equal steps of the contacts.
void add_pareto(const RfmRun& run, PageData& data) {
  const RfmResult& result = run.result();
  std::vector<std::int64_t> spent;
  spent.reserve(result.listed_count());
  for (std::uint32_t i = 0; i < result.row_count(); ++i) {
    const RowId row = to_row(i);
    if (!result.is_listed(row)) {
      continue;
    }
    const std::uint32_t purchases = result.frequency()[i];
    data.buyers += purchases > 0 ? 1U : 0U;
    data.one_time_buyers += purchases == 1 ? 1U : 0U;
    spent.push_back(result.monetary_empty(row) ? 0 : result.monetary()[i]);
  }
  // Means of customers do not add up to anything.
  if (run.model->monetary == MonetaryMeasure::kMean || spent.empty()) {
    return;
  }
  std::sort(spent.begin(), spent.end(), std::greater<>());
  Int128 sum = 0;
  std::size_t counted_contacts = 0;
  for (std::size_t part = 0; part <= report::kParetoParts; ++part) {
    const std::size_t upto =
        (spent.size() * part + report::kParetoParts - 1) / report::kParetoParts;
    for (; counted_contacts < upto; ++counted_contacts) {
      sum += spent[counted_contacts];
    }
    data.pareto.push_back({upto, sum});
  }
}

void add_months(const RfmRun& run, PageData& data) {
  const Series& months = run.result().tier_series(Axis::kFrequency).months;
  const std::size_t periods = months.periods.size();
  for (std::size_t p = 0; p < periods; ++p) {
    report::Period& month = data.months.emplace_back();
    month.label = format_day_number(months.periods[p]).substr(0, 7);
    for (std::size_t group = 0; group < static_cast<std::size_t>(months.groups); ++group) {
      month.revenue_by_tier.push_back(months.revenue[group * periods + p]);
      month.purchases += months.purchases[group * periods + p];
    }
  }
}

Outcome add_transition(const RfmRun& run, PageData& data) {
  if (!run.earlier) {
    return std::nullopt;
  }
  const Result<RfmComparison> comparison = run.result().compare(*run.earlier->rfm(run.model->name));
  if (!comparison.ok()) {
    return data_failure(comparison.status());
  }
  const TransitionMatrix& matrix = comparison->classes;
  report::TransitionPart& part = data.transition.emplace();
  part.earlier_as_of = run.earlier_as_of->text;
  part.from = matrix.row_names;
  part.from.emplace_back("not yet a customer");
  part.to = matrix.column_names;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j + 1 < matrix.columns; ++j) {
      part.counts.push_back(matrix.counts[i * matrix.columns + j]);
    }
  }
  return std::nullopt;
}

// Names without folders: the page is sent to people who do not know this machine.
std::string file_names(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    text += (text.empty() ? "" : ", ") + std::filesystem::path(path).filename().string();
  }
  return text;
}

void add_quality(const RfmRun& run, PageData& data) {
  const quintile_load_counts& counts = run.orders_read.counts;
  data.quality.push_back({"Files", file_names(run.options.orders)});
  data.quality.push_back({"Records read", grouped(counts.records)});
  data.quality.push_back(
      {"Used", grouped(counts.accepted) + " (" + percent(counts.accepted, counts.records) + ")"});
  data.quality.push_back({"Without a customer", grouped(counts.anonymous) + " (" +
                                                    percent(counts.anonymous, counts.records) +
                                                    "), left out"});
  std::string rejected = grouped(counts.rejected);
  if (counts.rejected > 0) {
    rejected += " (" + percent(counts.rejected, counts.records) +
                "): " + reasons_text(run.orders_read.reasons);
  }
  data.quality.push_back({"Unusable", rejected});
  if (!run.options.contacts.empty()) {
    data.quality.push_back({"Contacts file", file_names(run.options.contacts) + ": " +
                                                 grouped(run.contacts_read.counts.accepted) +
                                                 " contacts"});
  }
}

std::string monetary_note(const RfmModel& model) {
  switch (model.monetary) {
    case MonetaryMeasure::kGross:
      return "monetary is the sum of purchases, returns not deducted";
    case MonetaryMeasure::kMean:
      return "monetary is the mean amount of a purchase";
    case MonetaryMeasure::kNet:
      break;
  }
  return "monetary is the sum of all orders, returns deducted";
}

std::string windows_note(const RfmModel& model) {
  std::string note;
  for (std::size_t i = 0; i < kAxisCount; ++i) {
    const std::optional<Window>& window = model.tiers[i].window;
    note += (i == 0 ? "" : ", ") + std::string(axis_name(static_cast<Axis>(i))) + " over " +
            (window ? "the last " + window_words(*window) : std::string("all time"));
  }
  return "Orders counted: " + note + ".";
}

void add_method(const RfmRun& run, PageData& data) {
  const RfmModel& model = *run.model;
  data.method_notes.push_back(
      "Method: orders up to " + run.as_of.text + " (" + run.options.time_zone +
      "); recency is the days since the last purchase, frequency the number of purchases, " +
      monetary_note(model) + ". An order that is zero or below in sum is a return" +
      (model.zero_is_purchase ? "; one of exactly zero is a purchase." : ".") +
      (model.returns == ReturnsRule::kMatch
           ? " A return cancels the purchase it belongs to where one of the same amount exists."
           : "") +
      " " + windows_note(model));
  if (model.where) {
    data.method_notes.push_back("Lines counted: " + model.where->to_string() + ".");
  }
  if (model.population) {
    data.method_notes.push_back("Customers counted: " + model.population->to_string() + ".");
  }
}

std::string today_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return format_instant(micros - micros % kMicrosecondsPerSecond, TimeZone()).substr(0, 16) + "Z";
}

}  // namespace

Outcome fill_report_data(const RfmRun& run, const Summary& summary, PageData& data) {
  data.model = run.model->name;
  data.is_preset = run.is_preset;
  data.as_of = run.as_of.text;
  data.time_zone = run.options.time_zone;
  data.currency = run.options.currency;
  data.generated_by = program_name();
  data.generated_at = today_text();
  data.window = model_window_words(*run.model);
  data.summary = summary;
  if (const auto& window = run.model->tiers[to_index(Axis::kFrequency)].window) {
    data.buyers_window = window_words(*window);
  }
  data.purchases = run.result().total().purchases;
  data.warnings = result_warnings(*run.model, run.result());
  add_dimensions(run, data);
  add_grids(run, data);
  add_pareto(run, data);
  add_months(run, data);
  add_quality(run, data);
  add_method(run, data);
  return add_transition(run, data);
}

}  // namespace quintile::cli
