#include "table_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

#include <quintile/arrow_abi.h>

namespace quintile::cli {
namespace {

constexpr std::uint64_t kBatchRows = 65'536;
constexpr int kDecimalBytes = 16;

struct SchemaParts {
  std::string format;
  std::string name;
  std::vector<std::unique_ptr<ArrowSchema>> owned;
  std::vector<ArrowSchema*> children;
};

void release_schema(ArrowSchema* schema) {
  std::unique_ptr<SchemaParts> parts(static_cast<SchemaParts*>(schema->private_data));
  for (ArrowSchema* child : parts->children) {
    if (child->release != nullptr) {
      child->release(child);
    }
  }
  schema->release = nullptr;
}

void fill_schema(std::unique_ptr<SchemaParts> parts, std::int64_t flags, ArrowSchema* out) {
  *out = ArrowSchema{};
  out->format = parts->format.c_str();
  out->name = parts->name.c_str();
  out->flags = flags;
  out->n_children = static_cast<std::int64_t>(parts->children.size());
  out->children = parts->children.data();
  out->release = release_schema;
  out->private_data = parts.release();
}

std::string format_of(const Column& column) {
  if (column.type == Column::Type::kText) {
    return "u";
  }
  return column.decimals == 0 ? "l" : "d:38," + std::to_string(column.decimals);
}

void fill_table_schema(const Table& table, ArrowSchema* out) {
  auto parts = std::make_unique<SchemaParts>();
  parts->format = "+s";
  for (const Column& column : table.columns()) {
    auto child_parts = std::make_unique<SchemaParts>();
    child_parts->format = format_of(column);
    child_parts->name = column.name;
    auto child = std::make_unique<ArrowSchema>();
    fill_schema(std::move(child_parts), ARROW_FLAG_NULLABLE, child.get());
    parts->children.push_back(child.get());
    parts->owned.push_back(std::move(child));
  }
  fill_schema(std::move(parts), 0, out);
}

// The values of one column of one batch. Fixed-width values are kept as bytes: int64 or decimal128.
struct ArrayParts {
  std::vector<std::uint8_t> validity;
  std::vector<std::int32_t> offsets;
  std::string bytes;
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<ArrowArray>> owned;
  std::vector<ArrowArray*> children;
};

void release_array(ArrowArray* array) {
  std::unique_ptr<ArrayParts> parts(static_cast<ArrayParts*>(array->private_data));
  for (ArrowArray* child : parts->children) {
    if (child->release != nullptr) {
      child->release(child);
    }
  }
  array->release = nullptr;
}

void fill_array(std::unique_ptr<ArrayParts> parts, std::uint64_t rows, std::int64_t nulls,
                ArrowArray* out) {
  *out = ArrowArray{};
  out->length = static_cast<std::int64_t>(rows);
  out->null_count = nulls;
  out->n_buffers = static_cast<std::int64_t>(parts->buffers.size());
  out->buffers = parts->buffers.data();
  out->n_children = static_cast<std::int64_t>(parts->children.size());
  out->children = parts->children.data();
  out->release = release_array;
  out->private_data = parts.release();
}

void fill_text(const Table& table, std::size_t column, std::uint64_t first, std::uint64_t rows,
               ArrowArray* out) {
  auto parts = std::make_unique<ArrayParts>();
  parts->offsets.push_back(0);
  parts->validity.assign((rows + 7) / 8, 0);
  std::int64_t nulls = 0;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::string_view text = table.text(first + i, column);
    if (text.data() == nullptr) {
      ++nulls;
    } else {
      parts->validity[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
      parts->bytes.append(text);
    }
    parts->offsets.push_back(static_cast<std::int32_t>(parts->bytes.size()));
  }
  parts->buffers = {parts->validity.data(), parts->offsets.data(), parts->bytes.data()};
  fill_array(std::move(parts), rows, nulls, out);
}

bool fill_numbers(const Table& table, std::size_t column, std::uint64_t first, std::uint64_t rows,
                  ArrowArray* out) {
  const bool is_decimal = table.columns()[column].decimals > 0;
  const std::size_t width = is_decimal ? kDecimalBytes : sizeof(std::int64_t);
  auto parts = std::make_unique<ArrayParts>();
  parts->validity.assign((rows + 7) / 8, 0);
  parts->bytes.assign(rows * width, '\0');
  std::int64_t nulls = 0;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::optional<Int128> value = table.number(first + i, column);
    if (!value) {
      ++nulls;
      continue;
    }
    if (!is_decimal && !fits_int64(*value)) {
      return false;
    }
    parts->validity[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
    // Little-endian, as the machine: the low bytes come first.
    std::memcpy(parts->bytes.data() + i * width, &*value, width);
  }
  parts->buffers = {parts->validity.data(), parts->bytes.data()};
  fill_array(std::move(parts), rows, nulls, out);
  return true;
}

struct StreamState {
  const Table* table = nullptr;
  std::uint64_t next_row = 0;
  std::string error;
};

StreamState& state_of(ArrowArrayStream* stream) {
  return *static_cast<StreamState*>(stream->private_data);
}

// The callbacks are called by C: nothing may be thrown through them.
int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  try {
    fill_table_schema(*state_of(stream).table, out);
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

int next_batch(ArrowArrayStream* stream, ArrowArray* out) {
  StreamState& state = state_of(stream);
  *out = ArrowArray{};
  const std::uint64_t rows = std::min(kBatchRows, state.table->row_count() - state.next_row);
  if (rows == 0) {
    return 0;
  }
  auto parts = std::make_unique<ArrayParts>();
  parts->buffers = {nullptr};
  for (std::size_t column = 0; column < state.table->columns().size(); ++column) {
    const Column& description = state.table->columns()[column];
    auto child = std::make_unique<ArrowArray>();
    *child = ArrowArray{};
    if (description.type == Column::Type::kText) {
      fill_text(*state.table, column, state.next_row, rows, child.get());
    } else if (!fill_numbers(*state.table, column, state.next_row, rows, child.get())) {
      state.error = "a value of column '" + description.name + "' does not fit in 64 bits";
      fill_array(std::move(parts), 0, 0, out);
      out->release(out);
      return EOVERFLOW;
    }
    parts->children.push_back(child.get());
    parts->owned.push_back(std::move(child));
  }
  state.next_row += rows;
  fill_array(std::move(parts), rows, 0, out);
  return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  try {
    return next_batch(stream, out);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

const char* get_last_error(ArrowArrayStream* stream) {
  const StreamState& state = state_of(stream);
  return state.error.empty() ? nullptr : state.error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete &state_of(stream);
  stream->release = nullptr;
}

}  // namespace

void open_table_stream(const Table& table, ArrowArrayStream* stream) {
  *stream = ArrowArrayStream{get_schema, get_next, get_last_error, release_stream,
                             new StreamState{&table, 0, {}}};
}

}  // namespace quintile::cli
