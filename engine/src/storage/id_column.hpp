// A column of ids on its way into a table of ids.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "exec/executor.hpp"
#include "quintile/status.hpp"
#include "storage/arrow_reader.hpp"
#include "storage/id_table.hpp"

namespace quintile {

// Tells whether the type can be an id.
constexpr bool is_id(ArrowType type) noexcept { return is_text(type) || type == ArrowType::kInt64; }

// Checks that rows hold ids. `what` names the column in messages; `nullable` admits null and empty
// texts. Errors: kInvalidArgument; the message has the first row that is no id, and why.
Status check_ids(const ArrowColumn& column, std::int64_t rows, std::string_view what,
                 bool nullable);

// The key of a row without an id.
inline constexpr IdKey kNoId{0, 0, "", 0};

// One key per row. Texts stay in the batch that the column is of.
class IdColumn {
 public:
  // Checks the ids of a batch as check_ids() does and makes their keys, on several threads; null
  // and empty texts become kNoId.
  static Result<IdColumn> read(const ArrowColumn& column, std::int64_t rows, std::string_view what,
                               bool nullable, Arena::Executor& executor);

  [[nodiscard]] std::span<const IdKey> keys() const noexcept { return keys_; }
  // Codes of all rows, kNoCode for kNoId; unknown ids become new codes in the order of rows.
  void insert_into(IdTable& table, std::span<std::uint32_t> codes) const;

 private:
  using IntegerText = std::array<char, 20>;

  std::vector<IdKey> keys_;
  // Integers that are too large to be kept as such, by task; they never move.
  std::vector<std::vector<IntegerText>> written_;
};

}  // namespace quintile
