#include "storage/attribute_store.hpp"

#include <algorithm>
#include <cmath>

#include "storage/column_types.hpp"

namespace quintile {

namespace {

void set_bit(AlignedBuffer<std::uint64_t>& words, std::size_t row, bool value) noexcept {
  const std::uint64_t bit = std::uint64_t{1} << (row % 64);
  words[row / 64] = value ? words[row / 64] | bit : words[row / 64] & ~bit;
}

}  // namespace

AttributeStore::AttributeStore(const Schema& schema) : schema_(schema) {
  for (const Attribute& attribute : schema_.attributes()) {
    Column& column = columns_.emplace_back();
    column.type = attribute.type;
    if (attribute.type == DataType::kCategory || attribute.type == DataType::kTags) {
      column.dictionary = std::make_unique<IdTable>();
    }
  }
}

Result<std::vector<std::optional<std::size_t>>> AttributeStore::bind(
    const ArrowReader& reader) const {
  std::vector<std::optional<std::size_t>> fields(columns_.size());
  for (std::size_t i = 0; i < reader.fields().size(); ++i) {
    const ArrowField& field = reader.fields()[i];
    if (field.name == "contact" || field.name == "identifiers") {
      continue;
    }
    const std::optional<std::size_t> attribute = schema_.find(field.name);
    if (!attribute) {
      return Status(StatusCode::kInvalidArgument,
                    "contacts: expected attributes of the schema, got column '" + field.name + "'");
    }
    if (fields[*attribute]) {
      return Status(StatusCode::kInvalidArgument,
                    "contacts: expected column names that differ, got '" + field.name + "' twice");
    }
    if (!can_come_as(columns_[*attribute].type, field.type)) {
      return Status(StatusCode::kInvalidArgument, "contacts: column '" + field.name +
                                                      "' does not have the type of its attribute, "
                                                      "got format '" +
                                                      field.format + "'");
    }
    fields[*attribute] = i;
  }
  return fields;
}

Status AttributeStore::check(const ArrowReader& reader,
                             std::span<const std::optional<std::size_t>> fields) const {
  for (std::size_t a = 0; a < fields.size(); ++a) {
    if (!fields[a]) {
      continue;
    }
    const ArrowColumn source = reader.column(*fields[a]);
    const auto refuse = [&](std::int64_t row, const char* what) {
      return Status(StatusCode::kInvalidArgument, "contacts, row " + std::to_string(row) +
                                                      " of the batch: attribute '" +
                                                      schema_.attributes()[a].name + "' " + what);
    };
    for (std::int64_t row = 0; row < reader.rows(); ++row) {
      if (source.is_null(row)) {
        continue;
      }
      if (columns_[a].type == DataType::kDouble && std::isnan(source.real(row))) {
        return refuse(row, "is NaN");
      }
      if (columns_[a].type == DataType::kCategory && source.text(row).size() > kMaxTextBytes) {
        return refuse(row, "is longer than 32768 bytes");
      }
      if (columns_[a].type == DataType::kTags) {
        for (std::int32_t i = source.list_begin(row); i < source.list_end(row); ++i) {
          if (source.items().is_null(i) || source.items().text(i).size() > kMaxTextBytes) {
            return refuse(row, "has a tag that is null or longer than 32768 bytes");
          }
        }
      }
    }
  }
  return {};
}

void AttributeStore::extend(std::uint32_t contacts) {
  if (contacts <= rows_) {
    return;
  }
  const std::size_t words = (std::size_t{contacts} + 63) / 64;
  introduced_.resize(words);
  for (Column& column : columns_) {
    column.valid.resize(words);
    switch (column.type) {
      case DataType::kBool:
      case DataType::kConsent:
        column.bits.resize(words);
        break;
      case DataType::kInt64:
      case DataType::kDecimal:
      case DataType::kTimestamp:
        column.integers.resize(contacts);
        break;
      case DataType::kDouble:
        column.reals.resize(contacts);
        break;
      case DataType::kDate:
        column.days.resize(contacts);
        break;
      case DataType::kCategory:
        column.codes.resize(contacts);
        break;
      case DataType::kTags:
        column.tags.resize(contacts);
        break;
    }
  }
  rows_ = contacts;
}

void AttributeStore::set(Column& column, const ArrowColumn& source, std::int64_t i,
                         std::size_t row) {
  switch (column.type) {
    case DataType::kBool:
    case DataType::kConsent:
      set_bit(column.bits, row, source.boolean(i));
      break;
    case DataType::kInt64:
    case DataType::kDecimal:
    case DataType::kTimestamp:
      column.integers[row] = source.integer(i);
      break;
    case DataType::kDouble:
      column.reals[row] = source.real(i);
      break;
    case DataType::kDate:
      column.days[row] = static_cast<std::int32_t>(source.integer(i));
      break;
    case DataType::kCategory:
      column.codes[row] = column.dictionary->insert(make_id_key(source.text(i)));
      break;
    case DataType::kTags: {
      std::vector<std::uint32_t>& tags = column.tags[row];
      tags.clear();
      for (std::int32_t item = source.list_begin(i); item < source.list_end(i); ++item) {
        tags.push_back(column.dictionary->insert(make_id_key(source.items().text(item))));
      }
      std::sort(tags.begin(), tags.end());
      tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
      break;
    }
  }
  set_bit(column.valid, row, true);
}

void AttributeStore::apply(const ArrowReader& reader,
                           std::span<const std::optional<std::size_t>> fields,
                           std::span<const std::uint32_t> rows, std::uint32_t contacts) {
  extend(contacts);
  for (const std::uint32_t row : rows) {
    set_bit(introduced_, row, true);
  }
  for (std::size_t a = 0; a < fields.size(); ++a) {
    if (!fields[a]) {
      continue;
    }
    const ArrowColumn source = reader.column(*fields[a]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!source.is_null(static_cast<std::int64_t>(i))) {
        set(columns_[a], source, static_cast<std::int64_t>(i), rows[i]);
      }
    }
  }
}

std::size_t AttributeStore::memory_bytes() const noexcept {
  std::size_t bytes = introduced_.memory_bytes();
  for (const Column& column : columns_) {
    bytes += column.valid.memory_bytes() + column.bits.memory_bytes() +
             column.integers.memory_bytes() + column.reals.memory_bytes() +
             column.codes.memory_bytes() + column.days.memory_bytes() +
             column.tags.capacity() * sizeof(std::vector<std::uint32_t>) +
             (column.dictionary ? column.dictionary->memory_bytes() : 0);
    for (const std::vector<std::uint32_t>& tags : column.tags) {
      bytes += tags.capacity() * sizeof(std::uint32_t);
    }
  }
  return bytes;
}

std::vector<ExpressionColumn> AttributeStore::expression_columns(
    std::vector<IdTableDictionary>& dictionaries) const {
  dictionaries.clear();
  dictionaries.reserve(columns_.size());  // columns keep their addresses
  std::vector<ExpressionColumn> all;
  for (std::size_t a = 0; a < columns_.size(); ++a) {
    const Attribute& attribute = schema_.attributes()[a];
    ExpressionColumn entry{attribute.name, attribute.type, attribute.decimals, nullptr};
    entry.channel = attribute.channel;
    entry.purpose = attribute.purpose;
    if (columns_[a].dictionary) {
      dictionaries.emplace_back(columns_[a].dictionary->texts());
      entry.dictionary = &dictionaries.back();
    }
    all.push_back(std::move(entry));
  }
  return all;
}

ExpressionColumnView AttributeStore::view(std::size_t attribute, std::size_t begin) const noexcept {
  const Column& column = columns_[attribute];
  ExpressionColumnView view;
  view.valid = column.valid.data() + begin / 64;
  switch (column.type) {
    case DataType::kBool:
    case DataType::kConsent:
      view.values = column.bits.data() + begin / 64;
      break;
    case DataType::kInt64:
    case DataType::kDecimal:
    case DataType::kTimestamp:
      view.values = column.integers.data() + begin;
      break;
    case DataType::kDouble:
      view.values = column.reals.data() + begin;
      break;
    case DataType::kDate:
      view.values = column.days.data() + begin;
      view.value_bytes = 4;
      break;
    case DataType::kCategory:
      view.values = column.codes.data() + begin;
      view.value_bytes = 4;
      break;
    case DataType::kTags:
      break;
  }
  return view;
}

void AttributeStore::find_tag(std::size_t attribute, std::string_view tag, std::size_t begin,
                              std::size_t rows, std::span<std::uint64_t> words) const noexcept {
  const Column& column = columns_[attribute];
  const std::uint32_t code = column.dictionary->find(make_id_key(tag));
  for (std::size_t i = 0; i < rows && code != kNoCode; ++i) {
    const std::vector<std::uint32_t>& tags = column.tags[begin + i];
    const bool has = std::binary_search(tags.begin(), tags.end(), code);
    words[i / 64] |= std::uint64_t{has} << (i % 64);
  }
}

}  // namespace quintile
