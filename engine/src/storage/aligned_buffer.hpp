// Owned memory for one column: aligned, and padded with zeros to whole cache lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace quintile {

inline constexpr std::size_t kCacheLineBytes = 64;

// Allocates at least `bytes` bytes on a cache line, on huge pages from a few megabytes on: random
// probes into a large table otherwise pay for a page walk each. Nothing is written to them, so that
// what a column never grows into costs no memory. Throws std::bad_alloc.
void* allocate_aligned(std::size_t bytes);
void release_aligned(void* memory) noexcept;

// A growing array of plain values. Memory between size and the end of the last cache line is zero,
// so kernels may read whole vectors.
template <class T>
class AlignedBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  AlignedBuffer() noexcept = default;
  // `size` zero values.
  explicit AlignedBuffer(std::size_t size) { resize(size); }
  AlignedBuffer(AlignedBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  AlignedBuffer(const AlignedBuffer&) = delete;
  AlignedBuffer& operator=(const AlignedBuffer&) = delete;
  ~AlignedBuffer() { release_aligned(data_); }

  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return capacity_ * sizeof(T); }
  T& operator[](std::size_t index) noexcept { return data_[index]; }
  const T& operator[](std::size_t index) const noexcept { return data_[index]; }
  [[nodiscard]] T* begin() noexcept { return data_; }
  [[nodiscard]] T* end() noexcept { return data_ + size_; }
  [[nodiscard]] const T* begin() const noexcept { return data_; }
  [[nodiscard]] const T* end() const noexcept { return data_ + size_; }
  [[nodiscard]] std::span<T> span() noexcept { return {data_, size_}; }
  [[nodiscard]] std::span<const T> span() const noexcept { return {data_, size_}; }

  // New values are zero.
  void resize(std::size_t size) {
    if (size > capacity_) {
      grow(size);
    }
    if (size > size_) {
      std::memset(static_cast<void*>(data_ + size_), 0, (size - size_) * sizeof(T));
    }
    size_ = size;
    clear_rest_of_line();
  }
  // New values are whatever the memory holds: for columns of which every value is written next.
  void resize_for_overwrite(std::size_t size) {
    if (size > capacity_) {
      grow(size);
    }
    size_ = size;
    clear_rest_of_line();
  }
  // Makes room for `size` values in all.
  void reserve(std::size_t size) {
    if (size > capacity_) {
      grow(size);
    }
  }
  void push_back(const T& value) {
    const T copy = value;
    if (size_ == capacity_) {
      grow(size_ + 1);
    }
    const bool enters_line = lines_of(size_ + 1) != lines_of(size_);
    data_[size_++] = copy;
    if (enters_line) {
      clear_rest_of_line();
    }
  }
  void append(std::span<const T> values) {
    if (values.empty()) {
      return;
    }
    if (values.size() > capacity_ - size_) {
      grow(size_ + values.size());
    }
    std::memcpy(static_cast<void*>(data_ + size_), values.data(), values.size_bytes());
    size_ += values.size();
    clear_rest_of_line();
  }
  // Sets the size and every value.
  void assign(std::size_t size, T value) {
    resize(size);
    for (std::size_t i = 0; i < size; ++i) {
      data_[i] = value;
    }
  }

 private:
  static constexpr std::size_t lines_of(std::size_t size) noexcept {
    return (size * sizeof(T) + kCacheLineBytes - 1) / kCacheLineBytes;
  }
  void clear_rest_of_line() noexcept {
    const std::size_t rest = lines_of(size_) * kCacheLineBytes - size_ * sizeof(T);
    if (rest != 0) {
      std::memset(static_cast<void*>(data_ + size_), 0, rest);
    }
  }
  void grow(std::size_t size) {
    const std::size_t doubled = size_ == 0 ? size : 2 * capacity_;
    const std::size_t wanted = size > doubled ? size : doubled;
    const std::size_t bytes = lines_of(wanted) * kCacheLineBytes;
    T* memory = static_cast<T*>(allocate_aligned(bytes));
    if (size_ != 0) {
      std::memcpy(static_cast<void*>(memory), data_, size_ * sizeof(T));
    }
    release_aligned(data_);
    data_ = memory;
    capacity_ = bytes / sizeof(T);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace quintile
