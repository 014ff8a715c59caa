#include "reject_list.hpp"

#include <algorithm>

#include "number_text.hpp"
#include "table.hpp"
#include <quintile/decimal.hpp>

namespace quintile::cli {
namespace {

constexpr std::size_t kShownRejects = 5;
constexpr std::uint64_t kMillion = 1'000'000;

}  // namespace

std::optional<RejectLimit> RejectLimit::parse(std::string_view text) {
  RejectLimit limit;
  limit.text = text;
  limit.is_part = text.ends_with('%');
  if (limit.is_part) {
    text.remove_suffix(1);
  }
  Decimal number;
  std::int64_t scaled = 0;
  // A percentage has four decimals, so that it is a whole number of millionths.
  if (text.empty() || parse_decimal(text, number) != DecimalError::kNone ||
      to_minor_units(number, limit.is_part ? 4 : 0, scaled) != DecimalError::kNone || scaled < 0) {
    return std::nullopt;
  }
  if (!limit.is_part && text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  if (limit.is_part && static_cast<std::uint64_t>(scaled) > kMillion) {
    return std::nullopt;
  }
  (limit.is_part ? limit.millionths : limit.count) = static_cast<std::uint64_t>(scaled);
  return limit;
}

bool RejectLimit::exceeded(std::uint64_t rejected, std::uint64_t records) const {
  if (!is_part) {
    return rejected > count;
  }
  return static_cast<Int128>(rejected) * kMillion > static_cast<Int128>(records) * millionths;
}

std::optional<Failure> RejectList::open(const std::string& path) {
  path_ = path;
  file_.emplace();
  if (auto failure = file_->open(path)) {
    return failure;
  }
  file_->write("file,line,reason,value\n");
  return std::nullopt;
}

void RejectList::add(std::string_view file, std::uint64_t record, std::string_view reason,
                     std::string_view value) {
  if (first_.size() < kShownRejects) {
    first_.push_back(std::string(file) + ":" + std::to_string(record) + ": " + std::string(reason) +
                     " '" + std::string(value) + "'");
  }
  if (!file_) {
    return;
  }
  line_.clear();
  append_csv_field(file, line_);
  line_ += "," + std::to_string(record) + ",";
  append_csv_field(reason, line_);
  line_ += ",";
  append_csv_field(value, line_);
  line_ += "\n";
  file_->write(line_);
}

std::optional<Failure> RejectList::finish() {
  return file_ ? file_->finish() : std::optional<Failure>();
}

std::optional<Failure> RejectList::commit() {
  return file_ ? file_->commit() : std::optional<Failure>();
}

std::vector<ReasonCount> reasons_met(const LoaderLibrary& loader,
                                     const quintile_load_counts& counts) {
  std::vector<ReasonCount> reasons;
  for (std::size_t i = 0; i < std::size(counts.by_reason); ++i) {
    if (const char* reason = loader.reject_reason(i);
        reason != nullptr && counts.by_reason[i] > 0) {
      reasons.push_back({reason, counts.by_reason[i]});
    }
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const ReasonCount& a, const ReasonCount& b) { return a.count > b.count; });
  return reasons;
}

std::string reasons_text(const std::vector<ReasonCount>& reasons) {
  std::string text;
  for (const ReasonCount& each : reasons) {
    text += (text.empty() ? "" : ", ") + grouped(each.count) + " " + each.reason;
  }
  return text;
}

Failure too_many_rejects(const quintile_load_counts& counts,
                         const std::vector<ReasonCount>& reasons, const RejectLimit& limit,
                         const RejectList& list) {
  std::string message = "too many rejects: " + grouped(counts.rejected) + " of " +
                        grouped(counts.records) + " records, more than --max-rejects " +
                        limit.text + " (" + reasons_text(reasons) + ")";
  for (const std::string& reject : list.first()) {
    message += "\n  " + reject;
  }
  if (counts.rejected > list.first().size()) {
    message += "\n  ...";
  }
  message += list.has_file() ? "\nAll of them are listed in '" + list.path() + "'."
                             : std::string("\nTo have all of them listed, add --rejects FILE.");
  return {ExitCode::kData, std::move(message)};
}

}  // namespace quintile::cli
