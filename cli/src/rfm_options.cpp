#include "rfm_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unistd.h>
#include <utility>

#include <CLI/CLI.hpp>

#include <quintile/closest_name.hpp>
#include <quintile/decimal.hpp>

namespace quintile::cli {
namespace {

constexpr int kMaxEngineDecimals = 6;

constexpr const char* kFooter =
    "Examples:\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --summary\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --model classic5 --out scores.parquet\n"
    "  quintile rfm --orders orders.csv --as-of 2026-01-31 --summary --grid --report page.html\n"
    "  quintile rfm --orders invoices.csv.gz --as-of 2026-01-31 --time-zone Europe/Warsaw \\\n"
    "      --map contact=CustomerID,time=InvoiceDate,order=Invoice,quantity=Quantity,price=Price\n"
    "\n"
    "Rows go to standard output unless --out, --summary or --grid says otherwise.";

Failure usage(std::string message) { return {ExitCode::kUsage, std::move(message)}; }

// Reads NAME or, in double quotes, a name with anything in it; "" inside is one quote.
std::optional<std::string> take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    const std::size_t comma = std::min(text.find(','), text.size());
    value = text.substr(0, comma);
    text.remove_prefix(comma);
    return value;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      value.push_back(text[i]);
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      value.push_back(text[++i]);
    } else {
      text.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

using Pair = std::pair<std::string, std::string>;

// Splits NAME=VALUE,NAME=VALUE.
std::optional<Failure> split_pairs(const std::string& option, const std::string& whole,
                                   std::vector<Pair>& pairs) {
  std::string_view text = whole;
  while (!text.empty()) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      return usage(option + ": expected NAME=VALUE, got '" + std::string(text) + "'");
    }
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    const std::optional<std::string> value = take_value(text);
    if (!value || value->empty() || (!text.empty() && !text.starts_with(','))) {
      return usage(option + ": expected a name after '" + name + "=', got '" + whole + "'");
    }
    pairs.emplace_back(name, *value);
    text.remove_prefix(text.empty() ? 0 : 1);
  }
  return std::nullopt;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view closest = closest_name(word, views);
  if (!closest.empty()) {
    return "; did you mean '" + std::string(closest) + "'?";
  }
  std::string all;
  for (const std::string& name : known) {
    all += (all.empty() ? "" : ", ") + name;
  }
  return "; known are " + all;
}

struct NamedType {
  std::string_view name;
  DataType type;
};
constexpr std::array<NamedType, 9> kTypes = {{{"bool", DataType::kBool},
                                              {"int64", DataType::kInt64},
                                              {"decimal", DataType::kDecimal},
                                              {"double", DataType::kDouble},
                                              {"date", DataType::kDate},
                                              {"timestamp", DataType::kTimestamp},
                                              {"category", DataType::kCategory},
                                              {"tags", DataType::kTags},
                                              {"consent", DataType::kConsent}}};

// Takes the next part of `decimal:2` or `consent:email:marketing`.
std::string take_part(std::string_view& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  std::string part(text.substr(0, colon));
  text.remove_prefix(std::min(colon + 1, text.size()));
  return part;
}

std::optional<Failure> parse_attribute(const Pair& pair, Attribute& attribute) {
  std::string_view rest = pair.second;
  const std::string type_name = take_part(rest);
  const auto* type = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const NamedType& each) { return each.name == type_name; });
  if (type == kTypes.end()) {
    std::vector<std::string> names;
    for (const NamedType& each : kTypes) {
      names.emplace_back(each.name);
    }
    return usage("--attributes: unknown type '" + type_name + "' of '" + pair.first + "'" +
                 did_you_mean(type_name, names));
  }
  attribute.name = pair.first;
  attribute.type = type->type;
  if (attribute.type == DataType::kDecimal) {
    const std::string places = rest.empty() ? "2" : take_part(rest);
    const char* end = places.data() + places.size();
    if (std::from_chars(places.data(), end, attribute.decimals).ptr != end) {
      return usage("--attributes: expected decimal:DIGITS, got '" + pair.second + "'");
    }
  } else if (attribute.type == DataType::kConsent) {
    attribute.channel = take_part(rest);
    attribute.purpose = take_part(rest);
  }
  if (!rest.empty()) {
    return usage("--attributes: '" + pair.second + "' of '" + pair.first + "' has parts too many");
  }
  return std::nullopt;
}

// CLI11 takes "" for a value; as the name of a file it is a slip of a script.
const CLI::Validator& named() {
  static const CLI::Validator check(
      [](const std::string& text) {
        return text.empty() ? std::string("expected a name, got ''") : std::string();
      },
      "");
  return check;
}

void add_input_options(CLI::App& app, RfmOptions& options) {
  app.option_defaults()->group("Input");
  app.add_option("--orders", options.orders,
                 "Order lines: CSV (also .gz, .zst), Parquet or Arrow files")
      ->required()
      ->check(named())
      ->type_name("FILE");
  app.add_option("--map", options.map,
                 "Columns of the files: contact, time, order, amount or quantity and price, "
                 "product, category, currency, and whatever the model's `where` names")
      ->type_name("NAME=COLUMN,..");
  app.add_option("--contacts", options.contacts, "Contacts, for a model with a `population`")
      ->check(named())
      ->type_name("FILE");
  app.add_option("--contacts-map", options.contacts_map,
                 "Columns of the contacts: contact, identifiers, attributes")
      ->type_name("NAME=COLUMN,..");
  app.add_option("--attributes", options.attributes,
                 "Types of the contacts' attributes: bool, int64, decimal:DIGITS, double, date, "
                 "timestamp, category, tags, consent:CHANNEL:PURPOSE; a model's population asks "
                 "for the last two with tag('vip') and consent('email', 'marketing')")
      ->type_name("NAME=TYPE,..");
  app.add_option("--date-format", options.date_format,
                 "How times are written, such as '%d.%m.%Y %H:%M' (default: ISO 8601)")
      ->type_name("FORMAT");
  app.add_option("--delimiter", options.delimiter,
                 "What parts the fields of CSV files: one character, or tab (default: a comma)")
      ->type_name("CHARACTER");
  app.add_option("--rejects", options.rejects, "List unusable records here: file,line,reason,value")
      ->check(named())
      ->type_name("FILE");
  app.add_option("--max-rejects", options.max_rejects,
                 "Fail when more records than this are unusable")
      ->type_name("N|N%")
      ->capture_default_str();
}

void add_model_options(CLI::App& app, RfmOptions& options) {
  app.option_defaults()->group("Model");
  app.add_option("--model", options.model, "retail, classic5, grid10, tiers3, or a YAML file")
      ->check(named())
      ->type_name("PRESET|FILE")
      ->capture_default_str();
  app.add_option("--as-of", options.as_of,
                 "The day or instant to look back from; later is not seen")
      ->required()
      ->type_name("TIME");
  app.add_option("--compare-as-of", options.compare_as_of,
                 "Also compute this earlier time and show who moved")
      ->type_name("TIME");
  app.add_option("--time-zone", options.time_zone, "Of times without an offset, and of days")
      ->type_name("ZONE")
      ->capture_default_str();
  app.add_option("--currency", options.currency, "Currency of the amounts that come out, ISO 4217")
      ->type_name("CODE");
  app.add_option("--decimals", options.decimals,
                 "Decimals of that currency's minor unit (default: as ISO 4217 says, else 2)")
      ->check(CLI::Range(0, kMaxEngineDecimals))
      ->type_name("N");
  app.add_option("--rates", options.rates, "Dated rates, CSV: date,currency,rate")
      ->check(named())
      ->type_name("FILE");
}

void add_output_options(CLI::App& app, RfmOptions& options) {
  app.option_defaults()->group("Output");
  app.add_option("--out", options.out,
                 "Write the rows here (- is standard output); the suffix chooses the format")
      ->check(named())
      ->type_name("FILE");
  app.add_option(
         "--format", options.format,
         "table, csv, json, ndjson or parquet (default: csv; on a terminal the summary is a "
         "table)")
      ->type_name("FORMAT");
  app.add_flag("--summary", options.summary, "Print one line per class; rows only to --out");
  app.add_flag("--grid", options.grid, "Print the recency by frequency grid; rows only to --out");
  app.add_option("--report", options.report, "Write a page to be read in a browser")
      ->check(named())
      ->type_name("FILE.html");
  app.add_option("--transitions", options.transitions,
                 "With --compare-as-of: who moved, as dimension,from,to,contacts")
      ->check(named())
      ->type_name("FILE");
  app.add_option("--threads", options.threads, "Threads to compute with (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  app.add_flag("--timings", options.timings,
               "Say how long each step took; computes once more to time that alone");
  app.add_flag("--quiet", options.quiet, "No progress; only warnings and errors");
}

std::optional<Failure> check_formats(const RfmOptions& options, RfmRequest& request) {
  std::optional<Format> given;
  if (!options.format.empty()) {
    given = format_named(options.format);
    if (!given) {
      return usage("--format: unknown format '" + options.format + "'" +
                   did_you_mean(options.format, {"table", "csv", "json", "ndjson", "parquet"}));
    }
  }
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool shows_something = options.summary || options.grid;
  const bool to_output = options.out == "-";
  request.rows_to_file = !options.out.empty() && !to_output;
  if (to_output && shows_something) {
    return usage("--out - and --summary or --grid would mix on standard output");
  }
  // A page was asked for: rows would only flood the terminal.
  request.rows_to_output = to_output || (!request.rows_to_file && !shows_something &&
                                         !(terminal && !options.report.empty()));
  request.rows_format =
      given.value_or(request.rows_to_file ? format_of_suffix(options.out) : Format::kCsv);
  request.summary_format = given.value_or(terminal || options.grid ? Format::kTable : Format::kCsv);
  if (options.grid && given && *given != Format::kTable) {
    return usage("--grid is for people and goes with --format table, got '" + options.format + "'");
  }
  if (given == Format::kParquet && terminal && (options.summary || request.rows_to_output)) {
    return usage("parquet is not for a terminal: write it to a file with --out");
  }
  return std::nullopt;
}

}  // namespace

void add_rfm_options(CLI::App& app, RfmOptions& options) {
  app.footer(kFooter);
  add_input_options(app, options);
  add_model_options(app, options);
  add_output_options(app, options);
}

std::optional<Failure> parse_column_map(const std::string& option,
                                        const std::vector<std::string>& texts,
                                        const std::vector<std::string>& known, ColumnMap& columns) {
  std::vector<Pair> pairs;
  for (const std::string& text : texts) {
    if (auto failure = split_pairs(option, text, pairs)) {
      return failure;
    }
  }
  for (Pair& pair : pairs) {
    if (std::find(known.begin(), known.end(), pair.first) == known.end()) {
      return usage(option + ": unknown name '" + pair.first + "'" +
                   did_you_mean(pair.first, known));
    }
    if (!columns.emplace(pair.first, std::move(pair.second)).second) {
      return usage(option + ": '" + pair.first + "' is mapped twice");
    }
  }
  return std::nullopt;
}

std::optional<Failure> parse_attributes(const std::vector<std::string>& texts,
                                        std::vector<Attribute>& attributes) {
  std::vector<Pair> pairs;
  for (const std::string& text : texts) {
    if (auto failure = split_pairs("--attributes", text, pairs)) {
      return failure;
    }
  }
  for (const Pair& pair : pairs) {
    if (auto failure = parse_attribute(pair, attributes.emplace_back())) {
      return failure;
    }
  }
  return std::nullopt;
}

std::optional<Failure> check_rfm_options(const RfmOptions& options, RfmRequest& request) {
  if (const auto limit = RejectLimit::parse(options.max_rejects)) {
    request.reject_limit = *limit;
  } else {
    return usage("--max-rejects: expected a number or a percentage up to 100%, got '" +
                 options.max_rejects + "'");
  }
  if (options.delimiter == "tab" || options.delimiter == "\\t") {
    request.delimiter = '\t';
  } else if (options.delimiter.size() == 1) {
    request.delimiter = options.delimiter[0];
  } else if (!options.delimiter.empty()) {
    return usage("--delimiter: expected one character or tab, got '" + options.delimiter + "'");
  }
  if (!options.currency.empty()) {
    const std::optional<int> decimals = currency_decimals(options.currency);
    if (!decimals) {
      return usage("--currency: expected a code of ISO 4217 such as EUR, got '" + options.currency +
                   "'");
    }
    request.decimals = *decimals;
  }
  request.decimals = options.decimals.value_or(request.decimals);
  if (!options.rates.empty() && options.currency.empty()) {
    return usage("--rates needs --currency: the currency to convert to");
  }
  if (!options.transitions.empty() && options.compare_as_of.empty()) {
    return usage("--transitions needs --compare-as-of");
  }
  if (options.contacts.empty() && !(options.contacts_map.empty() && options.attributes.empty())) {
    return usage("--contacts-map and --attributes need --contacts");
  }
  if (auto failure = parse_attributes(options.attributes, request.attributes)) {
    return failure;
  }
  return check_formats(options, request);
}

}  // namespace quintile::cli
