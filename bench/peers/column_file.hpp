// Raw column files of bench/peers, in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>

#include "storage/aligned_buffer.hpp"

namespace quintile::peers {

template <class T>
AlignedBuffer<T> read_column(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name + ".bin";
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot open " + path);
  AlignedBuffer<T> column(static_cast<std::size_t>(file.tellg()) / sizeof(T));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(column.data()),
            static_cast<std::streamsize>(column.size() * sizeof(T)));
  if (!file) throw std::runtime_error("cannot read " + path);
  return column;
}

template <class T>
void write_column(const std::string& folder, const std::string& name,
                  const AlignedBuffer<T>& column) {
  const std::string path = folder + "/" + name + ".bin";
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(column.data()),
             static_cast<std::streamsize>(column.size() * sizeof(T)));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

// How many contacts the shop has; the folders of orders and events hold only those with any.
inline std::size_t contacts_of(const std::string& folder) {
  return read_column<std::uint64_t>(folder, "contacts")[0];
}

}  // namespace quintile::peers
