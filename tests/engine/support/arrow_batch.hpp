// Arrow streams made by hand, so that engine tests need no Arrow library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quintile/arrow_abi.h"

namespace quintile::testing {

// The values of one column; exactly one of the vectors is used. A missing value is a null.
struct TestColumn {
  std::string name;
  std::string format;                                            // as in the Arrow C data interface
  std::vector<std::optional<std::string>> texts{};               // "u", "U"
  std::vector<std::optional<std::int64_t>> integers{};           // "l", "i", "tsu:UTC", "tdD"
  std::vector<std::optional<bool>> booleans{};                   // "b"
  std::vector<std::optional<double>> reals{};                    // "g"
  std::vector<std::optional<std::vector<std::string>>> lists{};  // "+l" of utf8

  [[nodiscard]] std::size_t size() const noexcept;
};

TestColumn text_column(std::string name, std::vector<std::optional<std::string>> values);
TestColumn integer_column(std::string name, std::vector<std::optional<std::int64_t>> values);
TestColumn time_column(std::string name, std::vector<std::optional<std::int64_t>> values);
TestColumn boolean_column(std::string name, std::vector<std::optional<bool>> values);

// What a test stream does instead of ending well.
struct StreamFault {
  std::size_t after_batches = SIZE_MAX;  // then get_next fails
  std::string message;
};

// A stream over `columns` (all of one length) in batches of `batch_rows`. Whoever reads it releases
// it; `live_streams()` counts those that nobody has released. With `offset`, every array starts at
// that offset of its buffers, with rubbish before it.
ArrowArrayStream make_stream(std::vector<TestColumn> columns, std::size_t batch_rows = SIZE_MAX,
                             std::size_t offset = 0, StreamFault fault = {});
int live_streams() noexcept;

// Arrays and schemas that nobody has released.
int live_arrays() noexcept;

}  // namespace quintile::testing
