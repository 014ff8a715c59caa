// Any bytes as the records of a CSV file: where blocks end must not matter.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

#include <sys/mman.h>

#include "quintile/loader.h"
#include "require.hpp"

namespace {

using quintile::fuzz::require;

constexpr std::string_view kHeader = "contact,time,amount,note\n";

struct Library {
  quintile_loader_open_function open = nullptr;
  quintile_load_report_counts_function counts = nullptr;
  quintile_load_report_free_function free_report = nullptr;

  Library() {
    void* const handle = ::dlopen(QUINTILE_LOADER_PATH, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      (void)std::fprintf(stderr, "%s\n", ::dlerror());
      std::abort();
    }
    find(handle, "quintile_loader_open_orders", open);
    find(handle, "quintile_load_report_counts", counts);
    find(handle, "quintile_load_report_free", free_report);
  }

 private:
  template <class Function>
  static void find(void* handle, const char* name, Function& function) {
    void* const address = ::dlsym(handle, name);
    require(address != nullptr, name, {});
    std::memcpy(&function, &address, sizeof function);
  }
};

// What a load gave, as text that can be compared.
struct Outcome {
  std::string text;
  bool failed = false;
};

void note_reject(void* context, const char*, std::uint64_t record, const char* reason,
                 const char* value) {
  *static_cast<std::string*>(context) += std::to_string(record) + " " + reason + " " + value + "\n";
}

// Contacts and amounts of a batch; the columns are utf8 and int64, without an offset.
void append_rows(const ArrowArray& batch, std::string& text) {
  const auto* const offsets = static_cast<const std::int32_t*>(batch.children[0]->buffers[1]);
  const auto* const letters = static_cast<const char*>(batch.children[0]->buffers[2]);
  const auto* const amounts = static_cast<const std::int64_t*>(batch.children[2]->buffers[1]);
  for (std::int64_t row = 0; row < batch.length; ++row) {
    text.append(letters + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
    text += " " + std::to_string(amounts[row]) + "\n";
  }
}

Outcome load(const Library& library, const std::string& path, std::uint32_t block_bytes) {
  Outcome outcome;
  std::string rejects;
  const char* const files[] = {path.c_str()};
  quintile_load_request request{};
  request.struct_bytes = sizeof request;
  request.files = files;
  request.file_count = 1;
  request.product = "note";
  request.currency_decimals = 2;
  request.threads = 1;
  request.block_bytes = block_bytes;
  request.on_reject = note_reject;
  request.context = &rejects;
  char error[512];
  ArrowArrayStream stream{};
  quintile_load_report* report = nullptr;
  if (library.open(&request, &stream, &report, error, sizeof error) != QUINTILE_LOADER_OK) {
    outcome.failed = true;
    outcome.text = error;
    return outcome;
  }
  while (true) {
    ArrowArray batch{};
    if (stream.get_next(&stream, &batch) != 0) {
      outcome.failed = true;
      break;
    }
    if (batch.release == nullptr) {
      break;
    }
    append_rows(batch, outcome.text);
    batch.release(&batch);
  }
  stream.release(&stream);
  quintile_load_counts counts{};
  library.counts(report, &counts);
  library.free_report(report);
  require(counts.records == counts.accepted + counts.anonymous + counts.rejected, "counts add up",
          outcome.text);
  outcome.text += rejects + std::to_string(counts.records);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Library library;
  const int file = ::memfd_create("orders", MFD_CLOEXEC);
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  require(file >= 0 && ::write(file, kHeader.data(), kHeader.size()) > 0 &&
              ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "the input is written", text);
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  const Outcome whole = load(library, path, 0);
  for (const std::uint32_t block_bytes : {32U, 33U, 47U, 200U}) {
    const Outcome parts = load(library, path, block_bytes);
    // Small blocks may refuse a record for its length; nothing else may differ.
    require(parts.failed || (!whole.failed && parts.text == whole.text), "blocks do not matter",
            text);
  }
  (void)::close(file);
  return 0;
}
