// What the options of `query` mean.
#include <algorithm>
#include <cctype>
#include <limits>

#include "query_run.hpp"
#include <quintile/decimal.hpp>

namespace quintile::cli {
namespace {

constexpr int kQuantileDecimals = 6;
// What is above was a negative number, read as one without a sign.
constexpr std::uint64_t kMostLimit = std::numeric_limits<std::int64_t>::max();

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  const std::size_t end = text.find_last_not_of(' ');
  return begin == std::string_view::npos ? std::string()
                                         : std::string(text.substr(begin, end - begin + 1));
}

Failure usage(std::string message) { return {ExitCode::kUsage, std::move(message)}; }

// "COLUMN", "COLUMN asc", "COLUMN desc".
OrderKey order_key(const std::string& text) {
  const std::size_t blank = text.rfind(' ');
  std::string word = blank == std::string::npos ? std::string() : text.substr(blank + 1);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (word != "asc" && word != "desc") {
    return {text, false};
  }
  return {trimmed(std::string_view(text).substr(0, blank)), word == "desc"};
}

int asked_count(const QueryOptions& options) {
  return (options.count ? 1 : 0) + (options.ids ? 1 : 0) + (options.facet.empty() ? 0 : 1) +
         (options.stats.empty() ? 0 : 1) + (options.crosstab.empty() ? 0 : 1) +
         (options.explain.empty() ? 0 : 1) + (options.near_misses ? 1 : 0) +
         (options.overlap.empty() ? 0 : 1) + (options.rows.empty() && options.sample == 0 ? 0 : 1);
}

std::optional<Failure> check_combination(const QueryOptions& options) {
  if (asked_count(options) > 1) {
    return usage(
        "expected one of --count, --ids, --rows, --sample (with --rows or without), --facet, "
        "--stats, --crosstab, --explain, --near-misses, --overlap");
  }
  if (options.expression.empty() == options.overlap.empty()) {
    return usage(options.expression.empty() ? "expected a condition, such as \"age >= 18\""
                                            : "--overlap: expected no condition beside it");
  }
  if (!options.order_by.empty() && (options.rows.empty() || options.sample != 0)) {
    return usage("--order-by: expected --rows beside it, and no --sample");
  }
  const bool limited =
      options.ids || !options.facet.empty() || (!options.rows.empty() && options.sample == 0);
  if (options.limit && (!limited || *options.limit == 0 || *options.limit > kMostLimit)) {
    return usage("--limit: expected a number from 1 beside --ids, --rows or --facet");
  }
  return std::nullopt;
}

std::optional<Failure> read_quantiles(const std::string& text, std::vector<std::uint32_t>& found) {
  for (const std::string& item : split_list(text)) {
    std::int64_t millionths = 0;
    if (parse_minor_units(item, kQuantileDecimals, millionths) != DecimalError::kNone ||
        millionths < 0 || millionths > 1'000'000) {
      return usage("--quantiles: expected numbers from 0 to 1, got '" + item + "'");
    }
    found.push_back(static_cast<std::uint32_t>(millionths));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  int open = 0;
  char quote = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (i == text.size() || (c == ',' && open == 0 && quote == 0)) {
      items.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    } else if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++open;
    } else if (c == ')') {
      --open;
    }
  }
  return items;
}

std::optional<Failure> check_query_options(const QueryOptions& options, QueryRequest& request) {
  if (auto failure = check_combination(options)) {
    return failure;
  }
  Format format = Format::kCsv;
  if (auto failure = find_format(options.output, format)) {
    return failure;
  }
  if (auto failure = read_quantiles(options.quantiles, request.quantiles)) {
    return failure;
  }
  if (!options.overlap.empty()) {
    request.overlap = split_list(options.overlap);
    return std::nullopt;
  }
  Result<Expression> expression = Expression::parse(options.expression);
  if (!expression.ok()) {
    return usage(std::string(expression.status().message()));
  }
  request.expression = std::move(expression).value();
  if (!options.rows.empty()) {
    request.columns = split_list(options.rows);
  }
  if (!options.crosstab.empty()) {
    request.columns = split_list(options.crosstab);
    if (request.columns.size() != 2) {
      return usage("--crosstab: expected two columns, such as country,rfm.class");
    }
  }
  for (const std::string& key : split_list(options.order_by)) {
    if (!options.order_by.empty()) {
      request.order_by.push_back(order_key(key));
    }
  }
  return std::nullopt;
}

}  // namespace quintile::cli
