#include "write_file.hpp"

#include <vector>

#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "csv_cells.hpp"
#include "error.hpp"
#include "output_file.hpp"

namespace quintile::loader {
namespace {

constexpr std::size_t kFlushBytes = 1U << 20U;

void check_write(const arrow::Status& status, const std::string& path) {
  if (!status.ok()) {
    throw LoadError(QUINTILE_LOADER_FAILED, "cannot write " + path + ": " + text_of(status));
  }
}

// The next batch of the caller's stream; its own message if it fails.
std::shared_ptr<arrow::RecordBatch> next_batch(arrow::RecordBatchReader& reader) {
  std::shared_ptr<arrow::RecordBatch> batch;
  const arrow::Status status = reader.ReadNext(&batch);
  if (!status.ok()) {
    fail_data(status.message());
  }
  return batch;
}

void append_csv_rows(const arrow::RecordBatch& batch, const std::string& path, std::string& text,
                     arrow::io::OutputStream& out) {
  std::vector<std::unique_ptr<CsvCells>> columns;
  for (int i = 0; i < batch.num_columns(); ++i) {
    columns.push_back(csv_cells(batch.column(i)));
    if (columns.back() == nullptr) {
      fail_usage("column '" + batch.column_name(i) + "' has type " +
                 batch.column(i)->type()->ToString() + ", which has no form in CSV");
    }
  }
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    const std::size_t begin = text.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) {
        text += ',';
      }
      if (batch.column(static_cast<int>(i))->IsValid(row)) {
        columns[i]->append(row, text);
      }
    }
    if (text.size() == begin) {
      text += "\"\"";  // readers pass over empty lines
    }
    text += '\n';
    if (text.size() >= kFlushBytes) {
      check_write(out.Write(text), path);
      text.clear();
    }
  }
}

void write_csv(arrow::RecordBatchReader& reader, const std::string& path,
               arrow::io::OutputStream& out) {
  std::string text;
  for (const std::string& name : reader.schema()->field_names()) {
    text += text.empty() ? "" : ",";
    append_csv_field(name, text);
  }
  text += '\n';
  while (const std::shared_ptr<arrow::RecordBatch> batch = next_batch(reader)) {
    append_csv_rows(*batch, path, text, out);
  }
  check_write(out.Write(text), path);
}

void write_arrow(arrow::RecordBatchReader& reader, const std::string& path,
                 const std::shared_ptr<arrow::io::OutputStream>& out) {
  const std::shared_ptr<arrow::ipc::RecordBatchWriter> writer =
      take(arrow::ipc::MakeFileWriter(out, reader.schema()), path);
  while (const std::shared_ptr<arrow::RecordBatch> batch = next_batch(reader)) {
    check_write(writer->WriteRecordBatch(*batch), path);
  }
  check_write(writer->Close(), path);
}

void write_parquet(arrow::RecordBatchReader& reader, const std::string& path,
                   const std::shared_ptr<arrow::io::OutputStream>& out) {
  const std::shared_ptr<parquet::WriterProperties> properties =
      parquet::WriterProperties::Builder().compression(arrow::Compression::SNAPPY)->build();
  const std::shared_ptr<parquet::ArrowWriterProperties> arrow_properties =
      parquet::ArrowWriterProperties::Builder().store_schema()->build();
  const std::unique_ptr<parquet::arrow::FileWriter> writer =
      take(parquet::arrow::FileWriter::Open(*reader.schema(), arrow::default_memory_pool(), out,
                                            properties, arrow_properties),
           path);
  while (const std::shared_ptr<arrow::RecordBatch> batch = next_batch(reader)) {
    check_write(writer->WriteRecordBatch(*batch), path);
  }
  check_write(writer->Close(), path);
}

}  // namespace

void write_file(const std::string& path, const std::string& format, ArrowArrayStream* in) {
  if (format != "csv" && format != "parquet" && format != "arrow") {
    fail_usage("expected format csv, parquet or arrow, got '" + format + "'");
  }
  if (format == "parquet" && path == "-") {
    fail_usage("Parquet cannot be written to standard output");
  }
  const std::shared_ptr<arrow::RecordBatchReader> reader =
      take(arrow::ImportRecordBatchReader(in), "stream");
  OutputFile file(path);
  if (format == "csv") {
    write_csv(*reader, path, *file.stream());
  } else if (format == "arrow") {
    write_arrow(*reader, path, file.stream());
  } else {
    write_parquet(*reader, path, file.stream());
  }
  file.finish();
}

}  // namespace quintile::loader
