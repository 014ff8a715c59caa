#include "text_values.hpp"

#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

#include "cells.hpp"
#include "error.hpp"

namespace quintile::loader {
namespace {

constexpr char kMemberMark = '|';
constexpr std::size_t kMaxBatchBytes = std::numeric_limits<std::int32_t>::max();

std::shared_ptr<arrow::Buffer> allocate(std::size_t bytes) {
  return take(arrow::AllocateBuffer(static_cast<std::int64_t>(bytes)), "memory");
}

// Texts as the buffers of a utf8 column.
struct TextBuffers {
  std::shared_ptr<arrow::Buffer> offsets;
  std::shared_ptr<arrow::Buffer> bytes;
};

// Most texts are short: two copies of fixed size that may overlap take no call.
void copy_text(std::string_view text, std::uint8_t* out) {
  const std::size_t size = text.size();
  const char* const from = text.data();
  if (size > 16) {
    std::memcpy(out, from, size);
  } else if (size >= 8) {
    std::memcpy(out, from, 8);
    std::memcpy(out + size - 8, from + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(out, from, 4);
    std::memcpy(out + size - 4, from + size - 4, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = static_cast<std::uint8_t>(from[i]);
    }
  }
}

TextBuffers pack(const std::vector<std::string_view>& texts) {
  std::size_t total = 0;
  for (const std::string_view text : texts) {
    total += text.size();
  }
  if (total > kMaxBatchBytes) {
    fail_data("the texts of one column in 65,536 records have more than 2 GiB");
  }
  TextBuffers buffers{allocate((texts.size() + 1) * sizeof(std::int32_t)), allocate(total)};
  auto* const offsets = reinterpret_cast<std::int32_t*>(buffers.offsets->mutable_data());
  std::uint8_t* const bytes = buffers.bytes->mutable_data();
  std::size_t end = 0;
  offsets[0] = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    copy_text(texts[i], bytes + end);
    end += texts[i].size();
    offsets[i + 1] = static_cast<std::int32_t>(end);
  }
  return buffers;
}

bool is_identifier(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < text.size();
}

std::optional<Reason> flaw_of_member(std::string_view member, bool is_identifier_list) {
  if (!is_identifier_list) {
    return flaw_of_text(member, kMaxTextBytes, Reason::kTextTooLong);
  }
  const std::optional<Reason> flaw = flaw_of_text(member, kMaxIdBytes, Reason::kIdTooLong);
  return flaw || is_identifier(member) ? flaw : Reason::kBadIdentifier;
}

// `namespace:value` in memory that the arena keeps.
std::string_view keep_identifier(std::string_view name_space, std::string_view value,
                                 std::pmr::monotonic_buffer_resource& arena) {
  const std::size_t bytes = name_space.size() + 1 + value.size();
  auto* const text = static_cast<char*>(arena.allocate(bytes, 1));
  std::memcpy(text, name_space.data(), name_space.size());
  text[name_space.size()] = ':';
  std::memcpy(text + name_space.size() + 1, value.data(), value.size());
  return {text, bytes};
}

// The members of one row, in front of the caller's own.
void append_members(const Column& column, std::size_t row, std::vector<std::string_view>& members) {
  if (!column.has_value(row)) {
    return;
  }
  const auto append = [&members](std::string_view member) {
    if (!member.empty()) {
      members.push_back(member);
    }
  };
  if (column.kind == CellKind::kTextList) {
    for (std::size_t i = column.list_offsets[row]; i < column.list_offsets[row + 1]; ++i) {
      append(column.texts[i]);
    }
    return;
  }
  std::string_view rest = column.texts[row];
  while (true) {
    const std::size_t mark = rest.find(kMemberMark);
    append(rest.substr(0, mark));
    if (mark == std::string_view::npos) {
      return;
    }
    rest.remove_prefix(mark + 1);
  }
}

}  // namespace

std::string_view TextValues::keep(std::string_view text) {
  auto* const bytes = static_cast<char*>(arena_.allocate(text.size() + 1, 1));
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void TextValues::read_ids(const Column& column, bool is_contact, Rows& rows) {
  values_.assign(rows.count(), {});
  const bool is_text = column.kind == CellKind::kText;
  std::string scratch;
  for (std::size_t row = 0; row < rows.count(); ++row) {
    if (!rows.is_accepted(row)) {
      continue;
    }
    const std::string_view id =
        canonical_id(is_text ? column.text(row) : text_of(column, row, scratch));
    if (id.empty()) {
      if (is_contact) {
        rows.skip_anonymous(row);
      }
      continue;
    }
    if (column.is_plain && id.size() <= kMaxIdBytes) {
      values_[row] = id;
      continue;
    }
    if (const std::optional<Reason> flaw = flaw_of_text(id, kMaxIdBytes, Reason::kIdTooLong)) {
      rows.reject(row, *flaw, id);
      continue;
    }
    values_[row] = is_text ? id : keep(id);
  }
}

void TextValues::read_texts(const Column& column, Rows& rows) {
  values_.assign(rows.count(), {});
  const bool is_text = column.kind == CellKind::kText;
  std::string scratch;
  for (std::size_t row = 0; row < rows.count(); ++row) {
    if (!rows.is_accepted(row)) {
      continue;
    }
    const std::string_view text = is_text ? column.text(row) : text_of(column, row, scratch);
    if (text.empty()) {
      continue;
    }
    if (column.is_plain && text.size() <= kMaxTextBytes) {
      values_[row] = text;
      continue;
    }
    if (const auto flaw = flaw_of_text(text, kMaxTextBytes, Reason::kTextTooLong)) {
      rows.reject(row, *flaw, text);
      continue;
    }
    values_[row] = is_text ? text : keep(text);
  }
}

std::shared_ptr<arrow::Array> TextValues::to_array(const Rows& rows, bool empty_is_null) {
  const std::vector<std::string_view> texts = [&] {
    rows.keep_accepted(values_);
    return std::move(values_);
  }();
  const auto length = static_cast<std::int64_t>(texts.size());
  std::shared_ptr<arrow::Buffer> validity;
  std::int64_t nulls = 0;
  if (empty_is_null) {
    for (const std::string_view text : texts) {
      nulls += text.empty() ? 1 : 0;
    }
  }
  if (nulls > 0) {
    validity = take(arrow::AllocateEmptyBitmap(length), "memory");
    for (std::int64_t i = 0; i < length; ++i) {
      const bool is_null = texts[static_cast<std::size_t>(i)].empty();
      arrow::bit_util::SetBitTo(validity->mutable_data(), i, !is_null);
    }
  }
  const TextBuffers buffers = pack(texts);
  return std::make_shared<arrow::StringArray>(length, buffers.offsets, buffers.bytes, validity,
                                              nulls);
}

void ListValues::read(const Column& column, bool is_identifiers, Rows& rows) {
  for (std::size_t row = 0; row < rows.count(); ++row) {
    const std::size_t begin = members_.size();
    if (rows.is_accepted(row)) {
      append_members(column, row, members_);
    }
    check_members(begin, row, is_identifiers, rows);
    ends_.push_back(members_.size());
  }
}

void ListValues::check_members(std::size_t begin, std::size_t row, bool is_identifiers,
                               Rows& rows) {
  for (std::size_t i = begin; i < members_.size(); ++i) {
    if (const std::optional<Reason> flaw = flaw_of_member(members_[i], is_identifiers)) {
      rows.reject(row, *flaw, members_[i]);
      return;
    }
  }
}

void ListValues::read_identifiers(const Column* list, std::span<const NamespaceColumn> columns,
                                  Rows& rows) {
  std::string scratch;
  for (std::size_t row = 0; row < rows.count(); ++row) {
    const std::size_t begin = members_.size();
    if (rows.is_accepted(row)) {
      if (list != nullptr) {
        append_members(*list, row, members_);
      }
      for (const NamespaceColumn& each : columns) {
        const std::string_view value = canonical_id(text_of(*each.column, row, scratch));
        if (!value.empty()) {
          members_.push_back(keep_identifier(each.name_space, value, arena_));
        }
      }
    }
    check_members(begin, row, true, rows);
    ends_.push_back(members_.size());
  }
}

std::shared_ptr<arrow::Array> ListValues::to_array(const Rows& rows) const {
  std::vector<std::string_view> members;
  std::vector<std::int32_t> offsets = {0};
  for (std::size_t row = 0; row < rows.count(); ++row) {
    if (rows.is_accepted(row)) {
      const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
      members.insert(members.end(), members_.begin() + static_cast<std::ptrdiff_t>(begin),
                     members_.begin() + static_cast<std::ptrdiff_t>(ends_[row]));
      offsets.push_back(static_cast<std::int32_t>(members.size()));
    }
  }
  const TextBuffers buffers = pack(members);
  const auto values = std::make_shared<arrow::StringArray>(
      static_cast<std::int64_t>(members.size()), buffers.offsets, buffers.bytes);
  const auto length = static_cast<std::int64_t>(offsets.size() - 1);
  return std::make_shared<arrow::ListArray>(arrow::list(arrow::utf8()), length,
                                            arrow::Buffer::FromVector(std::move(offsets)), values);
}

}  // namespace quintile::loader
