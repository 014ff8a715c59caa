#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "error.hpp"
#include "load_stream.hpp"
#include "reject.hpp"
#include "write_file.hpp"

using quintile::loader::LoadCounts;
using quintile::loader::LoadError;
using quintile::loader::LoadStream;

struct quintile_load_report {
  std::shared_ptr<const LoadCounts> counts;
};

namespace {

void put_message(const char* message, char* error, std::size_t error_bytes) {
  if (error == nullptr || error_bytes == 0) {
    return;
  }
  const std::size_t bytes = std::min(std::strlen(message), error_bytes - 1);
  std::memcpy(error, message, bytes);
  error[bytes] = '\0';
}

// Run `body`; whatever it throws becomes a message and a status.
template <class Body>
int guarded(char* error, std::size_t error_bytes, const Body& body) noexcept {
  try {
    body();
    return QUINTILE_LOADER_OK;
  } catch (const LoadError& failure) {
    put_message(failure.what(), error, error_bytes);
    return failure.kind();
  } catch (const std::bad_alloc&) {
    put_message("out of memory", error, error_bytes);
  } catch (const std::exception& failure) {
    put_message(failure.what(), error, error_bytes);
  } catch (...) {
    put_message("unknown failure", error, error_bytes);
  }
  return QUINTILE_LOADER_FAILED;
}

// What hangs on an exported stream.
struct ExportedStream {
  explicit ExportedStream(std::unique_ptr<LoadStream> given) : load(std::move(given)) {}

  std::unique_ptr<LoadStream> load;
  char error[4096] = "";
  bool has_failed = false;  // a failed load has no next batch
};

ExportedStream& exported(ArrowArrayStream* stream) {
  return *static_cast<ExportedStream*>(stream->private_data);
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  ExportedStream& self = exported(stream);
  const int status = guarded(self.error, sizeof self.error, [&] {
    quintile::loader::check(arrow::ExportSchema(*self.load->schema(), out), "schema");
  });
  return status == QUINTILE_LOADER_OK ? 0 : EINVAL;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  ExportedStream& self = exported(stream);
  out->release = nullptr;
  if (self.has_failed) {
    return EIO;
  }
  const int status = guarded(self.error, sizeof self.error, [&] {
    const std::shared_ptr<arrow::RecordBatch> batch = self.load->next();
    if (batch != nullptr) {
      quintile::loader::check(arrow::ExportRecordBatch(*batch, out), "batch");
    }
  });
  self.has_failed = status != QUINTILE_LOADER_OK;
  return self.has_failed ? EIO : 0;
}

const char* get_last_error(ArrowArrayStream* stream) {
  const ExportedStream& self = exported(stream);
  return self.error[0] == '\0' ? nullptr : self.error;
}

void release(ArrowArrayStream* stream) {
  delete static_cast<ExportedStream*>(stream->private_data);
  stream->private_data = nullptr;
  stream->release = nullptr;
}

int open_stream(LoadStream::Kind kind, const quintile_load_request* request, ArrowArrayStream* out,
                quintile_load_report** report, char* error, std::size_t error_bytes) {
  return guarded(error, error_bytes, [&] {
    if (request == nullptr || out == nullptr) {
      quintile::loader::fail_usage("expected a request and a stream, got none");
    }
    auto load = std::make_unique<LoadStream>(kind, quintile::loader::read_request(*request));
    auto made_report = std::make_unique<quintile_load_report>(quintile_load_report{load->counts()});
    auto stream = std::make_unique<ExportedStream>(std::move(load));
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release;
    out->private_data = stream.release();
    if (report != nullptr) {
      *report = made_report.release();
    }
  });
}

}  // namespace

uint32_t quintile_loader_version(void) { return QUINTILE_LOADER_VERSION; }

const char* quintile_reject_reason(size_t index) { return quintile::loader::reason_code(index); }

int quintile_loader_open_orders(const struct quintile_load_request* request,
                                struct ArrowArrayStream* out, quintile_load_report** report,
                                char* error, size_t error_bytes) {
  return open_stream(LoadStream::Kind::kOrders, request, out, report, error, error_bytes);
}

int quintile_loader_open_contacts(const struct quintile_load_request* request,
                                  struct ArrowArrayStream* out, quintile_load_report** report,
                                  char* error, size_t error_bytes) {
  return open_stream(LoadStream::Kind::kContacts, request, out, report, error, error_bytes);
}

int quintile_loader_open_events(const struct quintile_load_request* request,
                                struct ArrowArrayStream* out, quintile_load_report** report,
                                char* error, size_t error_bytes) {
  return open_stream(LoadStream::Kind::kEvents, request, out, report, error, error_bytes);
}

void quintile_load_report_counts(const quintile_load_report* report,
                                 struct quintile_load_counts* counts) {
  *counts = report->counts->read();
}

void quintile_load_report_free(quintile_load_report* report) { delete report; }

int quintile_loader_write(const char* path, const char* format, struct ArrowArrayStream* in,
                          char* error, size_t error_bytes) {
  const int status = guarded(error, error_bytes, [&] {
    if (path == nullptr || format == nullptr || in == nullptr) {
      quintile::loader::fail_usage("expected a path, a format and a stream, got none");
    }
    quintile::loader::write_file(path, format, in);
  });
  if (in != nullptr && in->release != nullptr) {
    in->release(in);
  }
  return status;
}
