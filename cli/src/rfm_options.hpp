// What was asked of `quintile rfm`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "reject_list.hpp"
#include "table.hpp"
#include <quintile/schema.hpp>

namespace CLI {
class App;
}

namespace quintile::cli {

// The options as they were written.
struct RfmOptions {
  std::vector<std::string> orders;
  std::vector<std::string> map;
  std::string model = "retail";
  std::string as_of;
  std::string compare_as_of;
  std::string time_zone = "UTC";

  std::string currency;
  std::optional<int> decimals;
  std::string rates;
  std::string date_format;
  std::string delimiter;

  std::vector<std::string> contacts;
  std::vector<std::string> contacts_map;
  std::vector<std::string> attributes;

  std::string out;
  std::string format;
  bool summary = false;
  bool grid = false;
  std::string report;
  std::string transitions;
  std::string rejects;
  std::string max_rejects = "1%";

  int threads = 0;
  bool quiet = false;
  bool timings = false;
};

// Add the options to the subcommand; they write into `options`.
void add_rfm_options(CLI::App& app, RfmOptions& options);

// What a column of a file is used for: pairs NAME=COLUMN in the order they were given.
using ColumnMap = std::map<std::string, std::string, std::less<>>;

// Read `contact=CustomerID,time=InvoiceDate`. A column whose name has a comma or an equals sign is
// put in double quotes. `known` are the names that may be mapped.
[[nodiscard]] std::optional<Failure> parse_column_map(const std::string& option,
                                                      const std::vector<std::string>& texts,
                                                      const std::vector<std::string>& known,
                                                      ColumnMap& columns);

// Read `country=category,age=int64,spent=decimal:2,news=consent:email:marketing`.
[[nodiscard]] std::optional<Failure> parse_attributes(const std::vector<std::string>& texts,
                                                      std::vector<Attribute>& attributes);

// The options checked against each other and made precise.
struct RfmRequest {
  RejectLimit reject_limit;
  std::vector<Attribute> attributes;
  char delimiter = 0;
  int decimals = 2;
  bool rows_to_file = false;
  bool rows_to_output = false;  // standard output
  Format rows_format = Format::kCsv;
  Format summary_format = Format::kCsv;
};
[[nodiscard]] std::optional<Failure> check_rfm_options(const RfmOptions& options,
                                                       RfmRequest& request);

}  // namespace quintile::cli
