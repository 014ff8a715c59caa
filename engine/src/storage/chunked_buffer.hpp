// Memory for a column that grows to a size which nobody knows beforehand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "storage/aligned_buffer.hpp"

namespace quintile {

// A growing array of plain values in chunks that stay where they are: growing copies nothing, and
// takes memory for little more than the values there are.
template <class T>
class ChunkedBuffer {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return chunks_.size() * kChunkValues * sizeof(T);
  }
  const T& operator[](std::size_t index) const noexcept {
    return chunks_[index / kChunkValues][index % kChunkValues];
  }

  void push_back(const T& value) { append({&value, 1}); }
  void append(std::span<const T> values) {
    while (!values.empty()) {
      const std::size_t used = size_ % kChunkValues;
      if (used == 0) {
        add_chunk();
      }
      AlignedBuffer<T>& chunk = chunks_.back();
      const std::size_t count = std::min(values.size(), kChunkValues - used);
      chunk.append(values.first(count));
      values = values.subspan(count);
      size_ += count;
    }
  }
  // Forgets the values from `size` on, which must not be above size().
  void truncate(std::size_t size) {
    chunks_.resize((size + kChunkValues - 1) / kChunkValues);
    if (size % kChunkValues != 0) {
      chunks_.back().resize(size % kChunkValues);
    }
    size_ = size;
  }

 private:
  static constexpr std::size_t kChunkValues = 65'536;

  void add_chunk() {
    AlignedBuffer<T> chunk;
    chunk.reserve(kChunkValues);
    chunks_.push_back(std::move(chunk));
  }

  std::vector<AlignedBuffer<T>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace quintile
