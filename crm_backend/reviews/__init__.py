"""What customers say of products that they bought."""
