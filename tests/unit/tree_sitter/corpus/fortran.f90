module shapes
  type :: point
    integer :: x
  end type
contains
  subroutine move(a)
  end subroutine
  function area(x)
  end function
end module
program main
end program
