#include "loader/loader_files.hpp"

#include <cstdio>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include "support/columns.hpp"

namespace quintile::bench {

namespace {

template <class Function>
void find_function(void* library, const char* name, Function& function) {
  function = library == nullptr ? nullptr : reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) {
    throw std::runtime_error(std::string("cannot open the loader: ") + ::dlerror());
  }
}

void require(bool is_good, const char* message) {
  if (!is_good) throw std::runtime_error(message);
}

// A third as many orders as lines, a tenth as many contacts; an order's lines follow each other.
class LineMaker {
 public:
  explicit LineMaker(std::size_t lines) : lines_(lines) {}

  void append(std::size_t line, std::string& text) {
    const std::size_t order = line / 3;
    if (line % 3 == 0) {
      contact_ = random_.below(lines_ / 10 + 1);
      day_ = random_.below(28) + 1;
    }
    const auto below = [this](std::uint64_t limit) {
      return static_cast<unsigned>(random_.below(limit));
    };
    const unsigned product = below(5000);  // one by one: arguments have no order
    const unsigned quantity = below(9) + 1;
    const unsigned units = below(300);
    const unsigned cents = below(100);
    char fields[160];
    const int size = std::snprintf(
        fields, sizeof fields, "%llu,%zu,2025-%02u-%02uT%02u:%02u:%02uZ,P%05u,garden,%u,%u.%02u\n",
        static_cast<unsigned long long>(contact_), order + 100'000,
        static_cast<unsigned>(order % 12 + 1), static_cast<unsigned>(day_),
        static_cast<unsigned>(order % 24), static_cast<unsigned>(order % 60),
        static_cast<unsigned>(order % 59), product, quantity, units, cents);
    text.append(fields, static_cast<std::size_t>(size));
  }

 private:
  FixedRandom random_{5};
  std::size_t lines_;
  std::uint64_t contact_ = 0;
  std::uint64_t day_ = 1;
};

}  // namespace

LoaderFunctions::LoaderFunctions() {
  void* const library = ::dlopen(QUINTILE_LOADER_PATH, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  find_function(library, "quintile_loader_open_orders", open_orders);
  find_function(library, "quintile_loader_write", write);
}

ArrowArrayStream open_orders(const LoaderFunctions& loader, const std::string& path,
                             unsigned threads) {
  const char* const files[] = {path.c_str()};
  quintile_load_request request{};
  request.struct_bytes = sizeof request;
  request.files = files;
  request.file_count = 1;
  request.currency_decimals = 2;
  request.threads = threads;
  request.integer_ids = 1;
  char error[1024];
  ArrowArrayStream stream{};
  if (loader.open_orders(&request, &stream, nullptr, error, sizeof error) != QUINTILE_LOADER_OK) {
    throw std::runtime_error(error);
  }
  return stream;
}

DrainedOrders drain(ArrowArrayStream stream) {
  DrainedOrders drained;
  while (true) {
    ArrowArray batch{};
    require(stream.get_next(&stream, &batch) == 0, "the stream failed");
    if (batch.release == nullptr) break;
    const auto* const amounts = static_cast<const std::int64_t*>(batch.children[2]->buffers[1]);
    for (std::int64_t row = 0; row < batch.length; ++row)
      drained.amount += amounts[row];
    drained.rows += static_cast<std::uint64_t>(batch.length);
    batch.release(&batch);
  }
  stream.release(&stream);
  return drained;
}

struct KeptBatches::Replay {
  const KeptBatches* kept;
  std::size_t next = 0;

  static Replay& of(ArrowArrayStream* stream) {
    return *static_cast<Replay*>(stream->private_data);
  }
  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    auto& source = const_cast<ArrowArrayStream&>(of(stream).kept->source_);
    return source.get_schema(&source, out);
  }
  // The batch itself stays ours: releasing the copy does nothing.
  static int get_next(ArrowArrayStream* stream, ArrowArray* out) {
    Replay& self = of(stream);
    *out = {};
    if (self.next < self.kept->batches_.size()) {
      *out = self.kept->batches_[self.next++];
      out->release = [](ArrowArray* array) { array->release = nullptr; };
    }
    return 0;
  }
  static const char* get_last_error(ArrowArrayStream*) { return nullptr; }
  static void release(ArrowArrayStream* stream) {
    delete &of(stream);
    stream->release = nullptr;
  }
};

KeptBatches::KeptBatches(ArrowArrayStream stream) : source_(stream) {
  while (true) {
    ArrowArray batch{};
    require(source_.get_next(&source_, &batch) == 0, "the stream failed");
    if (batch.release == nullptr) break;
    batches_.push_back(batch);
  }
}

KeptBatches::~KeptBatches() {
  for (ArrowArray& batch : batches_)
    batch.release(&batch);
  source_.release(&source_);
}

ArrowArrayStream KeptBatches::stream() const {
  ArrowArrayStream stream{};
  stream.get_schema = Replay::get_schema;
  stream.get_next = Replay::get_next;
  stream.get_last_error = Replay::get_last_error;
  stream.release = Replay::release;
  stream.private_data = new Replay{this};
  return stream;
}

std::uint64_t KeptBatches::rows() const noexcept {
  std::uint64_t rows = 0;
  for (const ArrowArray& batch : batches_)
    rows += static_cast<std::uint64_t>(batch.length);
  return rows;
}

OrderFiles::OrderFiles(const LoaderFunctions& loader, std::size_t lines) : lines_(lines) {
  std::string pattern = (std::filesystem::temp_directory_path() / "quintile-load-XXXXXX").string();
  require(::mkdtemp(pattern.data()) != nullptr, "no folder for temporary files");
  folder_ = pattern;
  LineMaker maker(lines);
  std::string text = "contact,order,time,product,category,quantity,amount\n";
  for (std::size_t line = 0; line < lines; ++line)
    maker.append(line, text);
  csv_bytes_ = text.size();
  std::ofstream(csv(), std::ios::binary) << text;
  // The loader's own batches: the amounts are whole numbers there, a hundredfold once more.
  ArrowArrayStream stream = open_orders(loader, csv(), 1);
  char error[1024];
  if (loader.write(parquet().c_str(), "parquet", &stream, error, sizeof error) !=
      QUINTILE_LOADER_OK) {
    throw std::runtime_error(error);
  }
}

OrderFiles::~OrderFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace quintile::bench
