#include "loader_library.hpp"

#include <array>
#include <dlfcn.h>
#include <filesystem>
#include <system_error>

namespace quintile::cli {
namespace {

constexpr const char* kFileName = "libquintile_loader.so";
constexpr std::size_t kErrorBytes = 4096;

std::filesystem::path program_folder() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path(".") : program.parent_path();
}

// A build has it beside the program, an install in lib or in a folder of lib for the architecture.
std::filesystem::path find_loader() {
  const std::filesystem::path folder = program_folder();
  for (const char* place : {".", QUINTILE_LOADER_FOLDER}) {
    const std::filesystem::path candidate = (folder / place / kFileName).lexically_normal();
    std::error_code error;
    if (std::filesystem::exists(candidate, error)) {
      return candidate;
    }
  }
  return folder / kFileName;
}

template <class Function>
bool find_function(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

std::optional<Failure> as_failure(int status, const char* message) {
  if (status == QUINTILE_LOADER_OK) {
    return std::nullopt;
  }
  return Failure{status == QUINTILE_LOADER_USAGE ? ExitCode::kUsage : ExitCode::kData, message};
}

}  // namespace

std::optional<Failure> LoaderLibrary::load() {
  if (open_orders_ != nullptr) {
    return std::nullopt;
  }
  const std::filesystem::path path = find_loader();
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    return Failure{ExitCode::kData, std::string("cannot open the file loader: ") + ::dlerror()};
  }
  quintile_loader_version_function version = nullptr;
  if (!find_function(library, "quintile_loader_version", version) ||
      version() != QUINTILE_LOADER_VERSION) {
    return Failure{ExitCode::kData,
                   "the file loader is of another version than this program: " + path.string()};
  }
  const bool complete = find_function(library, "quintile_reject_reason", reject_reason_) &&
                        find_function(library, "quintile_loader_open_contacts", open_contacts_) &&
                        find_function(library, "quintile_loader_open_events", open_events_) &&
                        find_function(library, "quintile_load_report_counts", counts_) &&
                        find_function(library, "quintile_load_report_free", free_) &&
                        find_function(library, "quintile_loader_write", write_) &&
                        find_function(library, "quintile_loader_open_orders", open_orders_);
  if (!complete) {
    open_orders_ = nullptr;
    return Failure{ExitCode::kData, "the file loader lacks a function: " + path.string()};
  }
  return std::nullopt;
}

std::optional<Failure> LoaderLibrary::open(quintile_loader_open_function function,
                                           const quintile_load_request& request,
                                           ArrowArrayStream* out) {
  std::array<char, kErrorBytes> error{};
  quintile_load_report* report = nullptr;
  const int status = function(&request, out, &report, error.data(), error.size());
  report_.reset();
  if (report != nullptr) {
    report_ = std::shared_ptr<quintile_load_report>(report, free_);
  }
  return as_failure(status, error.data());
}

std::optional<Failure> LoaderLibrary::open_orders(const quintile_load_request& request,
                                                  ArrowArrayStream* out) {
  return open(open_orders_, request, out);
}

std::optional<Failure> LoaderLibrary::open_contacts(const quintile_load_request& request,
                                                    ArrowArrayStream* out) {
  return open(open_contacts_, request, out);
}

std::optional<Failure> LoaderLibrary::open_events(const quintile_load_request& request,
                                                  ArrowArrayStream* out) {
  return open(open_events_, request, out);
}

std::optional<Failure> LoaderLibrary::write(const std::string& path, const std::string& format,
                                            ArrowArrayStream* in) const {
  std::array<char, kErrorBytes> error{};
  const int status = write_(path.c_str(), format.c_str(), in, error.data(), error.size());
  return as_failure(status, error.data());
}

quintile_load_counts LoaderLibrary::counts() const {
  quintile_load_counts counts{};
  if (report_) {
    counts_(report_.get(), &counts);
  }
  return counts;
}

const char* LoaderLibrary::reject_reason(std::size_t index) const { return reject_reason_(index); }

}  // namespace quintile::cli
