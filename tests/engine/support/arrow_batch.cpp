#include "arrow_batch.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace quintile::testing {

namespace {

std::atomic<int> stream_count{0};
std::atomic<int> array_count{0};

// The memory behind one ArrowArray.
struct ArrayMemory {
  std::vector<std::vector<std::byte>> buffers;
  std::vector<const void*> pointers;
  std::vector<std::unique_ptr<ArrowArray>> children;
  std::vector<ArrowArray*> child_pointers;
};

struct SchemaMemory {
  std::string name;
  std::string format;
  std::vector<std::unique_ptr<ArrowSchema>> children;
  std::vector<ArrowSchema*> child_pointers;
};

struct StreamMemory {
  std::vector<TestColumn> columns;
  std::size_t rows = 0;
  std::size_t batch_rows = 0;
  std::size_t offset = 0;
  std::size_t next_row = 0;
  std::size_t batches = 0;
  StreamFault fault;
};

template <class Structure>
void release_children(Structure& structure) {
  for (std::int64_t i = 0; i < structure.n_children; ++i) {
    if (structure.children[i]->release != nullptr) {
      structure.children[i]->release(structure.children[i]);
    }
  }
}

void release_array(ArrowArray* array) {
  release_children(*array);
  delete static_cast<ArrayMemory*>(array->private_data);
  array->release = nullptr;
  --array_count;
}

void release_schema(ArrowSchema* schema) {
  release_children(*schema);
  delete static_cast<SchemaMemory*>(schema->private_data);
  schema->release = nullptr;
  --array_count;
}

template <class T>
void put(std::vector<std::byte>& bytes, T value) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof(T));
  std::memcpy(bytes.data() + at, &value, sizeof(T));
}

std::vector<std::byte> to_bits(const std::vector<bool>& values) {
  std::vector<std::byte> bytes(values.size() / 8 + 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) {
      bytes[i / 8] |= std::byte{1} << static_cast<int>(i % 8);
    }
  }
  return bytes;
}

void fill(ArrowArray& array, std::unique_ptr<ArrayMemory> memory, std::size_t length,
          std::size_t offset) {
  for (std::vector<std::byte>& buffer : memory->buffers) {
    buffer.reserve(1);  // an empty buffer must not be a null pointer
    memory->pointers.push_back(buffer.data());
  }
  for (const std::unique_ptr<ArrowArray>& child : memory->children) {
    memory->child_pointers.push_back(child.get());
  }
  array = ArrowArray{};
  array.length = static_cast<std::int64_t>(length);
  array.null_count = -1;
  array.offset = static_cast<std::int64_t>(offset);
  array.n_buffers = static_cast<std::int64_t>(memory->pointers.size());
  array.buffers = memory->pointers.data();
  array.n_children = static_cast<std::int64_t>(memory->child_pointers.size());
  array.children = memory->child_pointers.data();
  array.private_data = memory.release();
  array.release = release_array;
  ++array_count;
}

template <class Offset>
void append_texts(const std::vector<std::optional<std::string>>& texts, std::size_t begin,
                  std::size_t end, std::size_t offset, ArrayMemory& memory) {
  std::vector<std::byte> offsets;
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < offset; ++i) {
    put(offsets, static_cast<Offset>(bytes.size()));
    put(bytes, 'x');
  }
  put(offsets, static_cast<Offset>(bytes.size()));
  for (std::size_t i = begin; i < end; ++i) {
    for (const char c : texts[i].value_or("")) {
      put(bytes, c);
    }
    put(offsets, static_cast<Offset>(bytes.size()));
  }
  memory.buffers.push_back(std::move(offsets));
  memory.buffers.push_back(std::move(bytes));
}

template <class Values, class Get>
std::vector<std::byte> validity(const Values& values, std::size_t begin, std::size_t end,
                                std::size_t offset, const Get& get) {
  std::vector<bool> valid(offset, true);
  for (std::size_t i = begin; i < end; ++i) {
    valid.push_back(get(values[i]));
  }
  return to_bits(valid);
}

constexpr auto kHasValue = [](const auto& value) { return value.has_value(); };

void make_lists(const TestColumn& column, std::size_t begin, std::size_t end, std::size_t offset,
                ArrayMemory& memory) {
  std::vector<std::optional<std::string>> items;
  std::vector<std::byte> offsets;
  for (std::size_t i = 0; i <= offset; ++i) {
    put(offsets, std::int32_t{0});
  }
  for (std::size_t i = begin; i < end; ++i) {
    for (const std::string& item : column.lists[i].value_or(std::vector<std::string>())) {
      items.emplace_back(item);
    }
    put(offsets, static_cast<std::int32_t>(items.size()));
  }
  memory.buffers.push_back(validity(column.lists, begin, end, offset, kHasValue));
  memory.buffers.push_back(std::move(offsets));
  auto child = std::make_unique<ArrayMemory>();
  child->buffers.push_back(validity(items, 0, items.size(), 0, kHasValue));
  append_texts<std::int32_t>(items, 0, items.size(), 0, *child);
  memory.children.push_back(std::make_unique<ArrowArray>());
  fill(*memory.children.back(), std::move(child), items.size(), 0);
}

void make_array(const TestColumn& column, std::size_t begin, std::size_t end, std::size_t offset,
                ArrowArray& array) {
  auto memory = std::make_unique<ArrayMemory>();
  std::vector<std::byte> values;
  if (column.format == "+l") {
    make_lists(column, begin, end, offset, *memory);
  } else if (column.format == "u" || column.format == "U") {
    memory->buffers.push_back(validity(column.texts, begin, end, offset, kHasValue));
    if (column.format == "u") {
      append_texts<std::int32_t>(column.texts, begin, end, offset, *memory);
    } else {
      append_texts<std::int64_t>(column.texts, begin, end, offset, *memory);
    }
  } else if (column.format == "b") {
    memory->buffers.push_back(validity(column.booleans, begin, end, offset, kHasValue));
    memory->buffers.push_back(validity(column.booleans, begin, end, offset,
                                       [](const auto& value) { return value.value_or(true); }));
  } else if (column.format == "g") {
    values.resize(offset * sizeof(double));
    for (std::size_t i = begin; i < end; ++i) {
      put(values, column.reals[i].value_or(1e9));
    }
    memory->buffers.push_back(validity(column.reals, begin, end, offset, kHasValue));
    memory->buffers.push_back(std::move(values));
  } else {
    const bool narrow = column.format == "i" || column.format == "tdD";
    values.resize(offset * (narrow ? 4 : 8), std::byte{0x5A});
    for (std::size_t i = begin; i < end; ++i) {
      const std::int64_t value = column.integers[i].value_or(-7777);
      if (narrow) {
        put(values, static_cast<std::int32_t>(value));
      } else {
        put(values, value);
      }
    }
    memory->buffers.push_back(validity(column.integers, begin, end, offset, kHasValue));
    memory->buffers.push_back(std::move(values));
  }
  fill(array, std::move(memory), end - begin, offset);
}

void fill_schema(ArrowSchema& schema, const std::string& name, const std::string& format,
                 std::vector<std::unique_ptr<ArrowSchema>> children) {
  auto memory = std::make_unique<SchemaMemory>();
  memory->name = name;
  memory->format = format;
  memory->children = std::move(children);
  for (const std::unique_ptr<ArrowSchema>& child : memory->children) {
    memory->child_pointers.push_back(child.get());
  }
  schema = ArrowSchema{};
  schema.name = memory->name.c_str();
  schema.format = memory->format.c_str();
  schema.flags = ARROW_FLAG_NULLABLE;
  schema.n_children = static_cast<std::int64_t>(memory->child_pointers.size());
  schema.children = memory->child_pointers.data();
  schema.private_data = memory.release();
  schema.release = release_schema;
  ++array_count;
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  const auto& memory = *static_cast<StreamMemory*>(stream->private_data);
  std::vector<std::unique_ptr<ArrowSchema>> children;
  for (const TestColumn& column : memory.columns) {
    std::vector<std::unique_ptr<ArrowSchema>> items;
    if (column.format == "+l") {
      items.push_back(std::make_unique<ArrowSchema>());
      fill_schema(*items.back(), "item", "u", {});
    }
    children.push_back(std::make_unique<ArrowSchema>());
    fill_schema(*children.back(), column.name, column.format, std::move(items));
  }
  fill_schema(*out, "", "+s", std::move(children));
  return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& memory = *static_cast<StreamMemory*>(stream->private_data);
  *out = ArrowArray{};
  if (memory.batches == memory.fault.after_batches) {
    return EIO;
  }
  if (memory.next_row == memory.rows) {
    return 0;
  }
  const std::size_t begin = memory.next_row;
  const std::size_t end = begin + std::min(memory.batch_rows, memory.rows - begin);
  auto root = std::make_unique<ArrayMemory>();
  for (const TestColumn& column : memory.columns) {
    root->children.push_back(std::make_unique<ArrowArray>());
    make_array(column, begin, end, memory.offset, *root->children.back());
  }
  root->buffers.push_back(to_bits(std::vector<bool>(end - begin, true)));
  fill(*out, std::move(root), end - begin, 0);
  memory.next_row = end;
  ++memory.batches;
  return 0;
}

const char* last_error(ArrowArrayStream* stream) {
  const auto& memory = *static_cast<StreamMemory*>(stream->private_data);
  return memory.fault.message.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamMemory*>(stream->private_data);
  stream->release = nullptr;
  --stream_count;
}

}  // namespace

std::size_t TestColumn::size() const noexcept {
  return std::max({texts.size(), integers.size(), booleans.size(), reals.size(), lists.size()});
}

TestColumn text_column(std::string name, std::vector<std::optional<std::string>> values) {
  return {.name = std::move(name), .format = "u", .texts = std::move(values)};
}
TestColumn integer_column(std::string name, std::vector<std::optional<std::int64_t>> values) {
  return {.name = std::move(name), .format = "l", .integers = std::move(values)};
}
TestColumn time_column(std::string name, std::vector<std::optional<std::int64_t>> values) {
  return {.name = std::move(name), .format = "tsu:UTC", .integers = std::move(values)};
}
TestColumn boolean_column(std::string name, std::vector<std::optional<bool>> values) {
  return {.name = std::move(name), .format = "b", .booleans = std::move(values)};
}

ArrowArrayStream make_stream(std::vector<TestColumn> columns, std::size_t batch_rows,
                             std::size_t offset, StreamFault fault) {
  auto memory = std::make_unique<StreamMemory>();
  memory->rows = columns.empty() ? 0 : columns.front().size();
  memory->columns = std::move(columns);
  memory->batch_rows = batch_rows;
  memory->offset = offset;
  memory->fault = std::move(fault);
  ArrowArrayStream stream{};
  stream.get_schema = get_schema;
  stream.get_next = get_next;
  stream.get_last_error = last_error;
  stream.release = release_stream;
  stream.private_data = memory.release();
  ++stream_count;
  return stream;
}

int live_streams() noexcept { return stream_count; }
int live_arrays() noexcept { return array_count; }

}  // namespace quintile::testing
