#include "storage/aligned_buffer.hpp"

#include <cstdlib>

#include <sys/mman.h>

namespace quintile {

namespace {
constexpr std::size_t kHugePageBytes = std::size_t{1} << 21;
constexpr std::size_t kHugeFromBytes = 2 * kHugePageBytes;
}  // namespace

void* allocate_aligned(std::size_t bytes) {
  const bool huge = bytes >= kHugeFromBytes;
  const std::size_t alignment = huge ? kHugePageBytes : kCacheLineBytes;
  const std::size_t padded = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, padded == 0 ? alignment : padded);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  if (huge) {
    madvise(memory, padded, MADV_HUGEPAGE);  // a wish: failing to get it changes speed alone
  }
  return memory;
}

void release_aligned(void* memory) noexcept { std::free(memory); }

}  // namespace quintile
