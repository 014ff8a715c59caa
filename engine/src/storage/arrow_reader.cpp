#include "storage/arrow_reader.hpp"

#include <cstring>

namespace quintile {

namespace {

ArrowType type_of(const ArrowSchema& schema) noexcept {
  if (schema.dictionary != nullptr || schema.format == nullptr) {
    return ArrowType::kOther;
  }
  const std::string_view format = schema.format;
  if (format == "u") return ArrowType::kUtf8;
  if (format == "U") return ArrowType::kLargeUtf8;
  if (format == "l") return ArrowType::kInt64;
  if (format == "i") return ArrowType::kInt32;
  if (format == "b") return ArrowType::kBool;
  if (format == "g") return ArrowType::kDouble;
  if (format == "tdD") return ArrowType::kDate;
  if (format == "tsu:UTC" || format == "tsu:Z" || format == "tsu:Etc/UTC" ||
      format == "tsu:+00:00") {
    return ArrowType::kTimestamp;
  }
  if (format == "+l" && schema.n_children == 1 &&
      type_of(*schema.children[0]) == ArrowType::kUtf8) {
    return ArrowType::kUtf8List;
  }
  return ArrowType::kOther;
}

// Buffers that a column of the type has, validity included.
std::int64_t buffer_count(ArrowType type) noexcept { return is_text(type) ? 3 : 2; }

template <class Offset>
std::string offsets_defect(const Offset* offsets, std::int64_t count) {
  if (offsets[0] < 0) {
    return "an offset is negative";
  }
  bool descend = false;
  for (std::int64_t i = 0; i < count; ++i) {
    descend |= offsets[i + 1] < offsets[i];
  }
  return descend ? "offsets descend" : "";
}

}  // namespace

std::string ArrowColumn::defect(std::int64_t rows) const {
  if (array_->offset < 0 || array_->length < 0 ||
      array_->length < rows + (offset_ - array_->offset)) {
    return "it is shorter than its batch";
  }
  if (array_->n_buffers != buffer_count(type_) || array_->buffers == nullptr) {
    return "it has the wrong number of buffers";
  }
  if (rows == 0) {
    return {};
  }
  if (array_->buffers[1] == nullptr) {
    return "its values are missing";
  }
  if (type_ == ArrowType::kUtf8 || type_ == ArrowType::kUtf8List) {
    const std::int32_t* offsets = values<std::int32_t>() + offset_;
    if (std::string defect = offsets_defect(offsets, rows); !defect.empty()) {
      return defect;
    }
    if (type_ == ArrowType::kUtf8List) {
      return array_->n_children == 1 ? items().defect(offsets[rows])
                                     : "a list must have one column of items";
    }
    return offsets[rows] > offsets[0] && array_->buffers[2] == nullptr ? "its bytes are missing"
                                                                       : "";
  }
  if (type_ == ArrowType::kLargeUtf8) {
    const std::int64_t* offsets = values<std::int64_t>() + offset_;
    if (std::string defect = offsets_defect(offsets, rows); !defect.empty()) {
      return defect;
    }
    return offsets[rows] > offsets[0] && array_->buffers[2] == nullptr ? "its bytes are missing"
                                                                       : "";
  }
  return {};
}

ArrowReader::~ArrowReader() {
  if (batch_.release != nullptr) {
    batch_.release(&batch_);
  }
  if (stream_ != nullptr && stream_->release != nullptr) {
    stream_->release(stream_);
  }
}

// The producer's own words say most; ours are for one that has none.
Status ArrowReader::stream_error(int code, std::string_view doing) {
  const char* text = stream_->get_last_error(stream_);
  if (text != nullptr && *text != '\0') {
    return {StatusCode::kIo, text};
  }
  return {StatusCode::kIo, std::string(doing) + ": " + std::strerror(code)};
}

Status ArrowReader::open() {
  if (stream_ == nullptr || stream_->release == nullptr) {
    return {StatusCode::kInvalidArgument, "expected a stream, got one that is null or released"};
  }
  ArrowSchema schema{};
  if (const int code = stream_->get_schema(stream_, &schema); code != 0) {
    return stream_error(code, "the stream gives no schema");
  }
  Status status;
  if (schema.format == nullptr || std::string_view(schema.format) != "+s") {
    status = Status(StatusCode::kInvalidArgument,
                    std::string("expected a stream of structs (format +s), got '") +
                        (schema.format != nullptr ? schema.format : "") + "'");
  } else {
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema& child = *schema.children[i];
      fields_.push_back({child.name != nullptr ? child.name : "",
                         child.format != nullptr ? child.format : "", type_of(child)});
    }
  }
  if (schema.release != nullptr) {
    schema.release(&schema);
  }
  return status;
}

std::optional<std::size_t> ArrowReader::find(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

ArrowColumn ArrowReader::column(std::size_t field) const noexcept {
  return {fields_[field].type, batch_.children[field], batch_.offset};
}

Result<bool> ArrowReader::next() {
  if (batch_.release != nullptr) {
    batch_.release(&batch_);
    batch_ = {};
  }
  if (const int code = stream_->get_next(stream_, &batch_); code != 0) {
    batch_ = {};
    return stream_error(code, "the stream broke off");
  }
  if (batch_.release == nullptr) {
    return false;
  }
  if (batch_.length < 0 || batch_.offset < 0 ||
      batch_.n_children != static_cast<std::int64_t>(fields_.size()) ||
      (batch_.n_children > 0 && batch_.children == nullptr)) {
    return Status(StatusCode::kInvalidArgument, "a batch does not have the columns of its schema");
  }
  if (batch_.null_count > 0) {
    return Status(StatusCode::kInvalidArgument, "a batch has rows that are null as a whole");
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].type == ArrowType::kOther) {
      continue;  // refused by name, if anybody asks for it
    }
    if (std::string defect = column(i).defect(batch_.length); !defect.empty()) {
      return Status(StatusCode::kInvalidArgument,
                    "column '" + fields_[i].name + "' of a batch is malformed: " + defect);
    }
  }
  return true;
}

}  // namespace quintile
