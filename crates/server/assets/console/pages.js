/* What one page alone needs. */
{
}
