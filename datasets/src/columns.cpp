#include "columns.hpp"

#include <array>
#include <memory>
#include <utility>

#include "quintile/arrow_abi.h"

namespace quintile::datasets {

namespace {

void append_bit(std::vector<std::uint8_t>& bits, std::size_t index, bool value) {
  if (index / 8 == bits.size()) {
    bits.push_back(0);
  }
  bits[index / 8] = static_cast<std::uint8_t>(bits[index / 8] | (value ? 1U << (index % 8) : 0U));
}

// What a column handed over keeps alive.
struct OwnedColumn {
  explicit OwnedColumn(Column&& moved) : column(std::move(moved)) {}
  Column column;
  std::array<const void*, 3> buffers{};
};

struct OwnedBatch {
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  std::array<const void*, 1> buffers{};
};

struct OwnedSchema {
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

void release_column(ArrowArray* array) {
  delete static_cast<OwnedColumn*>(array->private_data);
  array->release = nullptr;
}

void release_batch(ArrowArray* array) {
  auto* owned = static_cast<OwnedBatch*>(array->private_data);
  for (ArrowArray* child : owned->pointers) {
    if (child->release != nullptr) {
      child->release(child);
    }
  }
  delete owned;
  array->release = nullptr;
}

// Names and formats are literals; nothing is owned.
void release_field(ArrowSchema* schema) { schema->release = nullptr; }

void release_schema(ArrowSchema* schema) {
  auto* owned = static_cast<OwnedSchema*>(schema->private_data);
  for (ArrowSchema* child : owned->pointers) {
    if (child->release != nullptr) {
      child->release(child);
    }
  }
  delete owned;
  schema->release = nullptr;
}

}  // namespace

const char* arrow_format(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::kInt64:
      return "l";
    case ColumnType::kMoney:
      return "d:18,2";
    case ColumnType::kTimestamp:
      return "tsu:UTC";
    case ColumnType::kDate:
      return "tdD";
    case ColumnType::kText:
      return "u";
    case ColumnType::kBool:
      return "b";
  }
  return "";
}

Column::Column(ColumnType type) : type_(type) {
  if (type == ColumnType::kText) {
    narrow_.push_back(0);
  }
}

void Column::mark(bool valid) {
  if (!valid && nulls_ == 0) {
    validity_.assign((rows_ + 7) / 8, 0xFF);
    if (rows_ % 8 != 0) {
      validity_.back() = static_cast<std::uint8_t>((1U << (rows_ % 8)) - 1U);
    }
  }
  nulls_ += valid ? 0 : 1;
  if (nulls_ > 0) {
    append_bit(validity_, rows_, valid);
  }
  ++rows_;
}

void Column::add_number(std::int64_t value) {
  wide_.push_back(value);
  mark(true);
}

void Column::add_money(std::int64_t hundredths) {
  wide_.push_back(hundredths);
  wide_.push_back(hundredths < 0 ? -1 : 0);
  mark(true);
}

void Column::add_date(std::int32_t days) {
  narrow_.push_back(days);
  mark(true);
}

void Column::add_text(std::string_view text) {
  text_ += text;
  narrow_.push_back(static_cast<std::int32_t>(text_.size()));
  mark(true);
}

void Column::add_bool(bool value) {
  append_bit(bits_, rows_, value);
  mark(true);
}

void Column::add_null() {
  switch (type_) {
    case ColumnType::kMoney:
      wide_.push_back(0);
      wide_.push_back(0);
      break;
    case ColumnType::kInt64:
    case ColumnType::kTimestamp:
      wide_.push_back(0);
      break;
    case ColumnType::kDate:
      narrow_.push_back(0);
      break;
    case ColumnType::kText:
      narrow_.push_back(narrow_.back());
      break;
    case ColumnType::kBool:
      append_bit(bits_, rows_, false);
      break;
  }
  mark(false);
}

void Column::hand_over(Column&& column, ArrowArray* out) {
  auto owned = std::make_unique<OwnedColumn>(std::move(column));
  Column& kept = owned->column;
  owned->buffers[0] = kept.nulls_ == 0 ? nullptr : kept.validity_.data();
  std::int64_t buffer_count = 2;
  switch (kept.type_) {
    case ColumnType::kText:
      owned->buffers[1] = kept.narrow_.data();
      owned->buffers[2] = kept.text_.data();
      buffer_count = 3;
      break;
    case ColumnType::kDate:
      owned->buffers[1] = kept.narrow_.data();
      break;
    case ColumnType::kBool:
      owned->buffers[1] = kept.bits_.data();
      break;
    default:
      owned->buffers[1] = kept.wide_.data();
  }
  *out = ArrowArray{};
  out->length = static_cast<std::int64_t>(kept.rows_);
  out->null_count = static_cast<std::int64_t>(kept.nulls_);
  out->n_buffers = buffer_count;
  out->buffers = owned->buffers.data();
  out->release = release_column;
  out->private_data = owned.release();
}

Batch empty_batch(std::span<const ColumnSpec> specs) {
  Batch batch;
  batch.reserve(specs.size());
  for (const ColumnSpec& spec : specs) {
    batch.emplace_back(spec.type);
  }
  return batch;
}

void hand_over(Batch&& batch, ArrowArray* out) {
  const std::size_t rows = batch.empty() ? 0 : batch.front().rows();
  auto owned = std::make_unique<OwnedBatch>();
  owned->children.resize(batch.size());
  owned->pointers.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Column::hand_over(std::move(batch[i]), &owned->children[i]);
    owned->pointers.push_back(&owned->children[i]);
  }
  *out = ArrowArray{};
  out->length = static_cast<std::int64_t>(rows);
  out->n_buffers = 1;
  out->buffers = owned->buffers.data();
  out->n_children = static_cast<std::int64_t>(owned->pointers.size());
  out->children = owned->pointers.data();
  out->release = release_batch;
  out->private_data = owned.release();
}

void describe(std::span<const ColumnSpec> specs, ArrowSchema* out) {
  auto owned = std::make_unique<OwnedSchema>();
  owned->children.resize(specs.size());
  owned->pointers.reserve(specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    ArrowSchema& field = owned->children[i];
    field.format = arrow_format(specs[i].type);
    field.name = specs[i].name;
    field.flags = specs[i].nullable ? ARROW_FLAG_NULLABLE : 0;
    field.release = release_field;
    owned->pointers.push_back(&field);
  }
  *out = ArrowSchema{};
  out->format = "+s";
  out->name = "";
  out->n_children = static_cast<std::int64_t>(owned->pointers.size());
  out->children = owned->pointers.data();
  out->release = release_schema;
  out->private_data = owned.release();
}

}  // namespace quintile::datasets
