// The first bytes of a snapshot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <xxhash.h>

namespace quintile {

inline constexpr std::string_view kSnapshotMagic = "QNTLSNP\n";
inline constexpr std::size_t kSnapshotAlignment = 64;

// At the front of the file. Sections follow, each at the next multiple of 64 bytes; then a table
// with their sizes and checksums. The last section is the description.
struct SnapshotHeader {
  char magic[8] = {};
  std::uint32_t format = 0;
  std::uint32_t zero = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t table_offset = 0;
  std::uint64_t sections = 0;
  std::uint64_t table_checksum = 0;
  std::uint64_t reserved = 0;
  std::uint64_t header_checksum = 0;  // XXH3-64 of the bytes before it
};
static_assert(sizeof(SnapshotHeader) == kSnapshotAlignment);

inline std::uint64_t checksum_of(const SnapshotHeader& header) noexcept {
  return XXH3_64bits(&header, offsetof(SnapshotHeader, header_checksum));
}

constexpr std::uint64_t padded_to_alignment(std::uint64_t bytes) noexcept {
  return (bytes + kSnapshotAlignment - 1) / kSnapshotAlignment * kSnapshotAlignment;
}

}  // namespace quintile
