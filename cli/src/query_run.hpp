// The parts of the command `query`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store_session.hpp"
#include "table_output.hpp"
#include <quintile/query.hpp>

namespace quintile::cli {

struct QueryOptions {
  StoreOptions store;
  TableOutput output;
  std::string expression;
  // What is asked; none: the count.
  bool count = false;
  bool ids = false;
  std::string rows;
  std::uint64_t sample = 0;
  std::string facet;
  std::string stats;
  std::string crosstab;
  std::string explain;
  bool near_misses = false;
  std::string overlap;

  std::string order_by;
  std::optional<std::uint64_t> limit;
  std::string seed = "1";
  std::string quantiles = "0.25,0.5,0.75";
};

// What the options say once they are read.
struct QueryRequest {
  std::optional<Expression> expression;  // none: --overlap
  std::vector<std::string> columns;      // of --rows and --crosstab
  std::vector<OrderKey> order_by;
  std::vector<std::uint32_t> quantiles;  // millionths
  std::vector<std::string> overlap;
};

// Cuts a list at its commas, but not at those within quotes or parentheses; blanks around an item
// are dropped.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

// Reads the options; touches no store.
[[nodiscard]] std::optional<Failure> check_query_options(const QueryOptions& options,
                                                         QueryRequest& request);

// Asks and prints.
[[nodiscard]] std::optional<Failure> answer_query(const QueryOptions& options,
                                                  const QueryRequest& request,
                                                  const StoreSession& session);

}  // namespace quintile::cli
