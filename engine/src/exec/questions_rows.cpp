// Rows with columns, in an order.
#include <algorithm>
#include <bit>
#include <limits>

#include "exec/questions.hpp"

namespace quintile {

namespace {

// A member and what it is ordered by: numbers whose order is that of the values.
struct OrderedRow {
  std::uint32_t row = 0;
  std::array<std::int64_t, kMaxOrderKeys> keys{};
  std::uint32_t nulls = 0;  // bit i: key i is NULL
};

// Orders rows of answer columns. NULLs come last, ties by row.
class RowOrder {
 public:
  RowOrder(const AnswerColumns& columns, std::span<const OrderKey> keys,
           const Generation& generation)
      : columns_(columns), keys_(keys.begin(), keys.end()), ranks_(keys.size()) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      make_ranks(k, generation);
    }
  }

  [[nodiscard]] OrderedRow read(const AnswerReader& reader, std::size_t i) const {
    OrderedRow made;
    made.row = static_cast<std::uint32_t>(reader.block() * kRowsPerBlock + i);
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      if (reader.is_null(k, i)) {
        made.nulls |= 1U << k;
      } else {
        made.keys[k] = key(reader, k, made.row, i);
      }
    }
    return made;
  }

  [[nodiscard]] bool operator()(const OrderedRow& a, const OrderedRow& b) const noexcept {
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      const bool a_null = (a.nulls >> k & 1U) != 0;
      const bool b_null = (b.nulls >> k & 1U) != 0;
      if (a_null || b_null) {
        if (a_null != b_null) {
          return b_null;
        }
      } else if (a.keys[k] != b.keys[k]) {
        return (a.keys[k] < b.keys[k]) != keys_[k].descending;
      }
    }
    return a.row < b.row;
  }

 private:
  // The rank of every text: by code of a dictionary, by row of the contacts.
  void make_ranks(std::size_t k, const Generation& generation) {
    const AnswerColumns::Column& column = columns_[k];
    std::vector<std::uint32_t>& ranks = ranks_[k];
    if (column.is_contact) {
      const auto rows = generation.rows_in_id_order();
      ranks.resize(rows.size());
      for (std::uint32_t rank = 0; rank < rows.size(); ++rank) {
        ranks[to_index(rows[rank])] = rank;
      }
    } else if (column.dictionary != nullptr && !column.closed) {
      std::vector<std::pair<std::string, std::uint32_t>> texts;
      for (std::uint32_t code = 0; code < column.dictionary->size(); ++code) {
        texts.emplace_back(column.dictionary->text(code), code);
      }
      std::sort(texts.begin(), texts.end());
      ranks.resize(texts.size());
      for (std::uint32_t rank = 0; rank < texts.size(); ++rank) {
        ranks[texts[rank].second] = rank;
      }
    }
  }

  [[nodiscard]] std::int64_t key(const AnswerReader& reader, std::size_t k, std::uint32_t row,
                                 std::size_t i) const noexcept {
    const AnswerColumns::Column& column = columns_[k];
    if (column.is_contact) {
      return ranks_[k][row];
    }
    if (column.shown.type == DataType::kDouble) {
      // The bits of a double order as it does, but for its sign; -0 and 0 are equal.
      const auto bits = std::bit_cast<std::int64_t>(reader.real(k, i) + 0.0);
      return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
    }
    const std::int64_t number = reader.number(k, i);
    return ranks_[k].empty() ? number : ranks_[k][static_cast<std::size_t>(number)];
  }

  const AnswerColumns& columns_;
  std::vector<OrderKey> keys_;
  std::vector<std::vector<std::uint32_t>> ranks_;  // by key; empty: the numbers themselves
};

// Keeps the first `limit` rows.
void keep_first(std::vector<OrderedRow>& rows, std::size_t limit, const RowOrder& order) {
  if (rows.size() > limit) {
    std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end(),
                     order);
    rows.resize(limit);
  }
}

Result<std::vector<RowId>> first_in_order(const Asked& asked, const RowSet& members,
                                          const RowsRequest& request,
                                          const Generation& generation) {
  AnswerColumns columns(asked.scope);
  for (const OrderKey& key : request.order_by) {
    QUINTILE_ASSIGN_OR_RETURN(const std::size_t place, columns.add(key.column));
    if (columns[place].shown.type == DataType::kTags) {
      return Status(StatusCode::kInvalidArgument,
                    "expected a column with an order, got the tags '" + key.column + "'");
    }
  }
  const RowOrder order(columns, request.order_by, generation);
  std::vector<std::vector<OrderedRow>> kept(
      static_cast<std::size_t>(asked.executor.thread_count()));
  const UseBlock read_block = [&](const AnswerReader& reader, std::span<const std::uint64_t> words,
                                  std::size_t worker) {
    std::vector<OrderedRow>& rows = kept[worker];
    for_each_bit(words, [&](std::size_t i) {
      rows.push_back(order.read(reader, i));
      if (rows.size() >= 2 * request.limit + 1024) {
        keep_first(rows, request.limit, order);
      }
    });
  };
  QUINTILE_TRY(scan_members(columns, members, asked.executor, asked.options, read_block));
  std::vector<OrderedRow> all;
  for (const std::vector<OrderedRow>& rows : kept) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  keep_first(all, request.limit, order);
  std::sort(all.begin(), all.end(), order);
  std::vector<RowId> rows;
  for (const OrderedRow& each : all) {
    rows.push_back(static_cast<RowId>(each.row));
  }
  return rows;
}

std::vector<RowId> first_rows(const RowSet& members, std::size_t limit, std::size_t contacts) {
  std::vector<RowId> rows;
  for (const RowId row : members) {
    if (rows.size() == limit || to_index(row) >= contacts) {
      break;
    }
    rows.push_back(row);
  }
  return rows;
}

// The values of chosen rows, block by block.
Status read_values(const Asked& asked, const AnswerColumns& columns, RowsAnswer& answer) {
  std::vector<std::size_t> by_row(answer.rows.size());
  for (std::size_t i = 0; i < by_row.size(); ++i) {
    by_row[i] = i;
  }
  std::sort(by_row.begin(), by_row.end(),
            [&](std::size_t a, std::size_t b) { return answer.rows[a] < answer.rows[b]; });
  answer.values.resize(answer.rows.size());
  AnswerReader reader(columns);
  std::optional<std::size_t> block;
  for (const std::size_t at : by_row) {
    const std::size_t row = to_index(answer.rows[at]);
    if (block != row / kRowsPerBlock) {
      block = row / kRowsPerBlock;
      QUINTILE_TRY(check_not_given_up(asked.options));
      QUINTILE_TRY(reader.read(*block));
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      answer.values[at].push_back(reader.value(c, row % kRowsPerBlock));
    }
  }
  return {};
}

}  // namespace

Result<RowsAnswer> Questions::rows(const RowSet& members, const RowsRequest& request) const {
  const auto ask = [&](const Asked& asked) -> Result<RowsAnswer> {
    if (request.limit == 0 || request.limit > kMaxAnswerRows) {
      return Status(StatusCode::kOutOfRange,
                    "expected 1 to 100000 rows, got " + std::to_string(request.limit));
    }
    if (request.order_by.size() > kMaxOrderKeys) {
      return Status(StatusCode::kOutOfRange, "expected at most 8 columns to order by, got " +
                                                 std::to_string(request.order_by.size()));
    }
    AnswerColumns columns(asked.scope);
    RowsAnswer answer;
    for (const std::string& name : request.columns) {
      QUINTILE_ASSIGN_OR_RETURN(const std::size_t place, columns.add(name));
      answer.columns.push_back(columns[place].shown);
    }
    if (request.order_by.empty()) {
      answer.rows = first_rows(members, request.limit, asked.scope.rows());
    } else {
      QUINTILE_ASSIGN_OR_RETURN(answer.rows, first_in_order(asked, members, request, *generation_));
    }
    QUINTILE_TRY(read_values(asked, columns, answer));
    return answer;
  };
  return ask_generation(*engine_, *generation_, options_, ask);
}

}  // namespace quintile
