#include "capi/result_stream.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

namespace quintile {

namespace {

struct ColumnType {
  const char* name;
  const char* format;
};
constexpr std::array<ColumnType, 8> kColumns{{{"contact", "u"},
                                              {"recency_days", "i"},
                                              {"frequency", "l"},
                                              {"monetary", "l"},
                                              {"r", "i"},
                                              {"f", "i"},
                                              {"m", "i"},
                                              {"class", "u"}}};

struct StreamState {
  std::shared_ptr<const Generation> generation;
  const RfmResult* result = nullptr;
  std::span<const RowId> rows;
  std::size_t next = 0;
  std::string error;
};

// The memory of one column of one batch.
struct ColumnMemory {
  std::vector<std::uint8_t> valid;
  std::vector<std::int64_t> wide;
  std::vector<std::int32_t> narrow;  // values, or the offsets of texts
  std::string bytes;
  std::array<const void*, 3> buffers{};
};

struct BatchMemory {
  std::array<ColumnMemory, kColumns.size()> columns;
  std::array<ArrowArray, kColumns.size()> arrays{};
  std::array<ArrowArray*, kColumns.size()> children{};
  const void* no_validity = nullptr;
};

struct SchemaMemory {
  std::array<ArrowSchema, kColumns.size()> schemas{};
  std::array<ArrowSchema*, kColumns.size()> children{};
};

// Columns own nothing: their memory is the batch's, which ends with the struct.
void release_column(ArrowArray* array) { array->release = nullptr; }
void release_column_schema(ArrowSchema* schema) { schema->release = nullptr; }

void release_batch(ArrowArray* array) {
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    if (array->children[i]->release != nullptr) {
      array->children[i]->release(array->children[i]);
    }
  }
  delete static_cast<BatchMemory*>(array->private_data);
  array->release = nullptr;
}

void release_batch_schema(ArrowSchema* schema) {
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    if (schema->children[i]->release != nullptr) {
      schema->children[i]->release(schema->children[i]);
    }
  }
  delete static_cast<SchemaMemory*>(schema->private_data);
  schema->release = nullptr;
}

void mark_valid(ColumnMemory& column, std::size_t row, bool valid) {
  column.valid.resize(row / 8 + 1);
  if (valid) {
    column.valid[row / 8] = static_cast<std::uint8_t>(column.valid[row / 8] | (1U << (row % 8)));
  }
}

void append_row(const StreamState& state, RowId row, std::size_t position, BatchMemory& memory) {
  const RfmResult& result = *state.result;
  const std::size_t i = to_index(row);
  auto& [contact, recency, frequency, monetary, r, f, m, classes] = memory.columns;
  state.generation->append_contact_id(row, contact.bytes);
  contact.narrow.push_back(static_cast<std::int32_t>(contact.bytes.size()));
  mark_valid(recency, position, result.recency_days()[i] != kNoRecency);
  recency.narrow.push_back(result.recency_days()[i]);
  frequency.wide.push_back(result.frequency()[i]);
  mark_valid(monetary, position, !result.monetary_empty(row));
  monetary.wide.push_back(result.monetary()[i]);
  r.narrow.push_back(result.tiers(Axis::kRecency)[i]);
  f.narrow.push_back(result.tiers(Axis::kFrequency)[i]);
  m.narrow.push_back(result.tiers(Axis::kMonetary)[i]);
  classes.bytes += result.class_infos()[result.classes()[i]].name;
  classes.narrow.push_back(static_cast<std::int32_t>(classes.bytes.size()));
}

void finish(std::unique_ptr<BatchMemory> memory, std::size_t rows, ArrowArray& out) {
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    ColumnMemory& column = memory->columns[i];
    const bool text = *kColumns[i].format == 'u';
    column.buffers[0] = column.valid.empty() ? nullptr : column.valid.data();
    column.buffers[1] = column.wide.empty() ? static_cast<const void*>(column.narrow.data())
                                            : static_cast<const void*>(column.wide.data());
    column.buffers[2] = column.bytes.data();
    ArrowArray& array = memory->arrays[i];
    array.length = static_cast<std::int64_t>(rows);
    array.null_count = column.valid.empty() ? 0 : -1;
    array.n_buffers = text ? 3 : 2;
    array.buffers = column.buffers.data();
    array.release = release_column;
    memory->children[i] = &array;
  }
  out = ArrowArray{};
  out.length = static_cast<std::int64_t>(rows);
  out.n_buffers = 1;
  out.buffers = &memory->no_validity;
  out.n_children = static_cast<std::int64_t>(kColumns.size());
  out.children = memory->children.data();
  out.release = release_batch;
  out.private_data = memory.release();
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  auto& state = *static_cast<StreamState*>(stream->private_data);
  try {
    auto memory = std::make_unique<SchemaMemory>();
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      ArrowSchema& schema = memory->schemas[i];
      schema.name = kColumns[i].name;
      schema.format = kColumns[i].format;
      schema.flags = ARROW_FLAG_NULLABLE;
      schema.release = release_column_schema;
      memory->children[i] = &schema;
    }
    *out = ArrowSchema{};
    out->name = "";
    out->format = "+s";
    out->n_children = static_cast<std::int64_t>(kColumns.size());
    out->children = memory->children.data();
    out->release = release_batch_schema;
    out->private_data = memory.release();
    return 0;
  } catch (const std::exception& error) {
    state.error = error.what();
    return ENOMEM;
  }
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& state = *static_cast<StreamState*>(stream->private_data);
  *out = ArrowArray{};
  try {
    auto memory = std::make_unique<BatchMemory>();
    memory->columns.front().narrow.push_back(0);
    memory->columns.back().narrow.push_back(0);
    std::size_t rows = 0;
    for (; state.next < state.rows.size() && rows < kRowsPerBlock; ++state.next) {
      const RowId row = state.rows[state.next];
      if (state.result->is_listed(row)) {
        append_row(state, row, rows++, *memory);
      }
    }
    if (rows != 0) {
      finish(std::move(memory), rows, *out);
    }
    return 0;
  } catch (const std::exception& error) {
    state.error = error.what();
    return ENOMEM;
  }
}

const char* get_last_error(ArrowArrayStream* stream) {
  const auto& state = *static_cast<StreamState*>(stream->private_data);
  return state.error.empty() ? nullptr : state.error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamState*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void make_result_stream(std::shared_ptr<const Generation> generation, const RfmResult& result,
                        ArrowArrayStream& out) {
  auto state = std::make_unique<StreamState>();
  state->rows = generation->rows_in_id_order();
  state->generation = std::move(generation);
  state->result = &result;
  out = ArrowArrayStream{};
  out.get_schema = get_schema;
  out.get_next = get_next;
  out.get_last_error = get_last_error;
  out.release = release_stream;
  out.private_data = state.release();
}

}  // namespace quintile
