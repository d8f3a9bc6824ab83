# What `cmake --install` lays out: the libraries, their public headers, and the two
# ways to find them, find_package(thresh) and pkg-config. A static library leaves
# the linking of what it is built on to its user, so both ways carry that along.
include(CMakePackageConfigHelpers)
set(THRESH_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/thresh)

foreach(library IN LISTS THRESH_LIBRARIES)
  set(kind static)
  if(library STREQUAL "thresh_shared")
    set(kind shared)
  endif()
  set_target_properties(${library} PROPERTIES
    EXPORT_NAME ${kind}
    VERSION ${PROJECT_VERSION}
    # Before 1.0 every minor version may break the binary interface.
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  install(TARGETS ${library} EXPORT thresh-${kind}-targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT thresh-${kind}-targets NAMESPACE thresh:: DESTINATION ${THRESH_PACKAGE_DIR})
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/engine/include/thresh
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

string(REPLACE ";" " " THRESH_PACKAGES "${THRESH_PACKAGES}")
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/thresh-config.cmake.in
  ${PROJECT_BINARY_DIR}/thresh-config.cmake
  INSTALL_DESTINATION ${THRESH_PACKAGE_DIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/thresh-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/thresh-config.cmake
  ${PROJECT_BINARY_DIR}/thresh-config-version.cmake
  DESTINATION ${THRESH_PACKAGE_DIR})

# A .pc file that finds its prefix from its own place can be moved.
file(RELATIVE_PATH THRESH_PC_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" THRESH_PC_PREFIX "${THRESH_PC_PREFIX}")
string(REGEX REPLACE "[a-z0-9]+:" "" THRESH_PC_REQUIRES "${THRESH_PACKAGES} libhwy simdjson tbb")
set(THRESH_PC_LIBS "")
if(THRESH_LIBARCHIVE)
  string(REPLACE " libarchive" "" THRESH_PC_REQUIRES "${THRESH_PC_REQUIRES}")
  set(THRESH_PC_LIBS -larchive)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/thresh.pc.in ${PROJECT_BINARY_DIR}/thresh.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/thresh.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
