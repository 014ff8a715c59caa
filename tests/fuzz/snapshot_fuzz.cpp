// Patches to a good snapshot, with checksums that are right: an engine that answers, or an error.
//
// The input is a list of patches of four bytes: a place in the file (24 bits, past its end from its
// front again), then what is flipped there. An input that begins as a snapshot does is one, as it
// is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include "full_engine.hpp"
#include "quintile/store_directory.hpp"
#include "storage/snapshot_header.hpp"

namespace {

using namespace quintile;

class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("quintile_snapshot_fuzz." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    const Result<StoreLock> lock = StoreLock::take(path_.string());
    if (!lock.ok() || !testing::make_full_engine(40)->save(*lock).ok()) {
      std::abort();
    }
    std::ifstream stream(file(), std::ios::binary);
    good_.assign(std::istreambuf_iterator<char>(stream), {});
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string file() const { return snapshot_path(path(), 1) + "/engine.data"; }
  [[nodiscard]] const std::string& good() const { return good_; }

 private:
  std::filesystem::path path_;
  std::string good_;
};

std::string patched(const std::string& good, const std::uint8_t* data, std::size_t size) {
  std::string bytes = good;
  SnapshotHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    const std::size_t number = data[i] | (data[i + 1] << 8) | (data[i + 2] << 16);
    const std::size_t place = number % good.size();
    // Sizes stay: the checksums are found by them.
    if (place >= sizeof(header) && place < header.table_offset) {
      bytes[place] = static_cast<char>(bytes[place] ^ data[i + 3]);
    }
  }
  return testing::with_checksums(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  static const std::shared_ptr<Arena> arena = Arena::create(1).value();
  const bool whole = size >= kSnapshotMagic.size() &&
                     std::memcmp(data, kSnapshotMagic.data(), kSnapshotMagic.size()) == 0;
  const std::string bytes = whole ? std::string(reinterpret_cast<const char*>(data), size)
                                  : patched(folder.good(), data, size);
  std::ofstream(folder.file(), std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  auto engine = Engine::open(folder.path(), {.arena = arena});
  if (engine.ok()) {
    (void)testing::answers(**engine);
  } else if (engine.status().message().empty()) {
    std::abort();
  }
  return 0;
}
