#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include "error.hpp"
#include "source.hpp"

namespace quintile::loader {
namespace {

std::vector<ColumnInfo> columns_of(const arrow::Schema& schema) {
  std::vector<ColumnInfo> columns;
  for (const std::shared_ptr<arrow::Field>& field : schema.fields()) {
    columns.push_back({field->name(), cell_kind(*field->type()), field->type()->ToString()});
  }
  return columns;
}

// The distinct members of `chosen`, ascending: a reader wants each column once.
std::vector<int> distinct(const std::vector<std::size_t>& chosen) {
  std::vector<int> columns;
  for (const std::size_t column : chosen) {
    columns.push_back(static_cast<int>(column));
  }
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

// For each chosen column its place among the distinct ones.
std::vector<int> places(const std::vector<std::size_t>& chosen, const std::vector<int>& columns) {
  std::vector<int> places;
  for (const std::size_t column : chosen) {
    const auto found = std::lower_bound(columns.begin(), columns.end(), static_cast<int>(column));
    places.push_back(static_cast<int>(found - columns.begin()));
  }
  return places;
}

// Text as bytes: a value that is not UTF-8 is to be a reject of its record, not the end of the
// file.
std::shared_ptr<arrow::ArrayData> as_bytes(const std::shared_ptr<arrow::ArrayData>& data) {
  const std::shared_ptr<arrow::ArrayData> copy = data->Copy();
  switch (data->type->id()) {
    case arrow::Type::STRING:
      copy->type = arrow::binary();
      break;
    case arrow::Type::LARGE_STRING:
      copy->type = arrow::large_binary();
      break;
    case arrow::Type::STRING_VIEW:
      copy->type = arrow::binary_view();
      break;
    case arrow::Type::DICTIONARY: {
      const auto& type = static_cast<const arrow::DictionaryType&>(*data->type);
      copy->dictionary = as_bytes(data->dictionary);
      copy->type = arrow::dictionary(type.index_type(), copy->dictionary->type, type.ordered());
      break;
    }
    case arrow::Type::LIST:
      copy->child_data[0] = as_bytes(data->child_data[0]);
      copy->type = arrow::list(copy->child_data[0]->type);
      break;
    case arrow::Type::LARGE_LIST:
      copy->child_data[0] = as_bytes(data->child_data[0]);
      copy->type = arrow::large_list(copy->child_data[0]->type);
      break;
    default:
      break;
  }
  return copy;
}

// A batch of columns, one per place.
class ColumnarJob final : public Job {
 public:
  ColumnarJob(std::shared_ptr<arrow::RecordBatch> batch, std::vector<int> places, bool is_trusted,
              std::string path)
      : batch_(std::move(batch)),
        places_(std::move(places)),
        is_trusted_(is_trusted),
        path_(std::move(path)) {}

  void read(const std::function<void(const Slice&)>& take) override {
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    for (const int place : places_) {
      arrays.push_back(arrow::MakeArray(as_bytes(batch_->column_data(place))));
      if (!is_trusted_) {
        check_contents(arrays.back()->ValidateFull(), path_);
      }
    }
    const auto rows = static_cast<std::size_t>(batch_->num_rows());
    for (std::size_t begin = 0; begin < rows; begin += kMaxRows) {
      Slice slice;
      slice.first_record = begin;
      slice.rows = std::min(kMaxRows, rows - begin);
      for (const std::shared_ptr<arrow::Array>& array : arrays) {
        slice.columns.push_back(to_column(
            array->Slice(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(slice.rows))));
      }
      take(slice);
    }
  }

 private:
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::vector<int> places_;
  bool is_trusted_;
  std::string path_;
};

// Run `body`, exceptions of the Parquet library as LoadError with the path.
template <class Body>
auto with_path(const std::string& path, const Body& body) {
  try {
    return body();
  } catch (const parquet::ParquetException& error) {
    fail_data(damage(path, error.what()));
  }
}

class ParquetSource final : public Source {
 public:
  explicit ParquetSource(const OpenedFile& opened) : opened_(opened) {
    with_path(opened_.path, [this] { open(); });
  }

  [[nodiscard]] const std::vector<ColumnInfo>& columns() const override { return columns_; }

  void select(const std::vector<std::size_t>& columns) override {
    const std::vector<int> fields = distinct(columns);
    places_ = places(columns, fields);
    const parquet::SchemaDescriptor& schema = *reader_->parquet_reader()->metadata()->schema();
    std::vector<int> leaves;
    for (int leaf = 0; leaf < schema.num_columns(); ++leaf) {
      const int field = schema.group_node()->FieldIndex(*schema.GetColumnRoot(leaf));
      if (std::binary_search(fields.begin(), fields.end(), field)) {
        leaves.push_back(leaf);
      }
    }
    std::vector<int> row_groups;
    for (int group = 0; group < reader_->num_row_groups(); ++group) {
      row_groups.push_back(group);
    }
    with_path(opened_.path, [&] {
      batches_ = take(reader_->GetRecordBatchReader(row_groups, leaves), opened_.path);
    });
  }

  std::unique_ptr<Job> next() override {
    const std::shared_ptr<arrow::RecordBatch> batch =
        with_path(opened_.path, [this] { return take_contents(batches_->Next(), opened_.path); });
    rows_read_ += batch == nullptr ? 0 : batch->num_rows();
    // The decoder made the arrays itself, so they are sound whatever the file holds.
    return batch == nullptr ? nullptr
                            : std::make_unique<ColumnarJob>(batch, places_, true, opened_.path);
  }

  [[nodiscard]] std::int64_t bytes_read() const override {
    const std::int64_t rows = reader_->parquet_reader()->metadata()->num_rows();
    const double share =
        rows == 0 ? 1 : static_cast<double>(rows_read_) / static_cast<double>(rows);
    return static_cast<std::int64_t>(share * static_cast<double>(opened_.bytes));
  }

 private:
  void open() {
    parquet::ReaderProperties file_properties = parquet::default_reader_properties();
    parquet::ArrowReaderProperties properties(/*use_threads=*/true);
    properties.set_batch_size(static_cast<std::int64_t>(kMaxRows));
    properties.set_pre_buffer(false);  // it would hold all row groups at once
    parquet::arrow::FileReaderBuilder builder;
    check_contents(builder.Open(opened_.file, file_properties), opened_.path);
    builder.properties(properties);
    reader_ = take(builder.Build(), opened_.path);
    std::shared_ptr<arrow::Schema> schema;
    check(reader_->GetSchema(&schema), opened_.path);
    columns_ = columns_of(*schema);
  }

  OpenedFile opened_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::vector<ColumnInfo> columns_;
  std::vector<int> places_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::int64_t rows_read_ = 0;
};

class ArrowSource final : public Source {
 public:
  explicit ArrowSource(const OpenedFile& opened) : opened_(opened) {
    columns_ = columns_of(*open(arrow::ipc::IpcReadOptions::Defaults()));
  }

  [[nodiscard]] const std::vector<ColumnInfo>& columns() const override { return columns_; }

  void select(const std::vector<std::size_t>& columns) override {
    arrow::ipc::IpcReadOptions options = arrow::ipc::IpcReadOptions::Defaults();
    options.included_fields = distinct(columns);
    if (opened_.pipe != nullptr) {
      // Open already, with all columns: it cannot be opened again for some.
      places_.assign(columns.begin(), columns.end());
      return;
    }
    places_ = places(columns, options.included_fields);
    open(options);
  }

  std::unique_ptr<Job> next() override {
    std::shared_ptr<arrow::RecordBatch> batch;
    if (file_ == nullptr) {
      check_contents(stream_->ReadNext(&batch), opened_.path);
    } else if (next_batch_ < file_->num_record_batches()) {
      batch = take_contents(file_->ReadRecordBatch(next_batch_), opened_.path);
      ++next_batch_;
    }
    return batch == nullptr ? nullptr
                            : std::make_unique<ColumnarJob>(batch, places_, false, opened_.path);
  }

  [[nodiscard]] std::int64_t bytes_read() const override {
    if (file_ != nullptr) {
      return opened_.bytes * next_batch_ / std::max(1, file_->num_record_batches());
    }
    return opened_.position();
  }

 private:
  std::shared_ptr<arrow::Schema> open(arrow::ipc::IpcReadOptions options) {
    options.use_threads = false;
    if (opened_.pipe != nullptr) {
      stream_ = take_contents(arrow::ipc::RecordBatchStreamReader::Open(opened_.pipe, options),
                              opened_.path);
      return stream_->schema();
    }
    check(opened_.file->Seek(0), opened_.path);
    if (opened_.format == FileFormat::kArrowFile) {
      file_ = take_contents(arrow::ipc::RecordBatchFileReader::Open(opened_.file, options),
                            opened_.path);
      return file_->schema();
    }
    stream_ = take_contents(arrow::ipc::RecordBatchStreamReader::Open(opened_.file, options),
                            opened_.path);
    return stream_->schema();
  }

  OpenedFile opened_;
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> stream_;
  std::vector<ColumnInfo> columns_;
  std::vector<int> places_;
  int next_batch_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_columnar(const OpenedFile& opened) {
  if (opened.format == FileFormat::kParquet) {
    return std::make_unique<ParquetSource>(opened);
  }
  return std::make_unique<ArrowSource>(opened);
}

}  // namespace quintile::loader
