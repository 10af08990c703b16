using Smxp.Fuzz;

if (FuzzOptions.TryParse(args) is not { } options)
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project tests/Smxp.Fuzz -- <target> [--minutes N | --cases N] [--seed N] [--corpus FOLDER] [--out FOLDER]
        dotnet run -c Release --project tests/Smxp.Fuzz -- <target> --stdin < case

        """);
    foreach (var (name, _) in FuzzTargets.All) Console.Error.WriteLine($"  {name}");
    return 2;
}

var target = FuzzTargets.All[options.Target]();
if (options.Stdin)
{
    using var input = new MemoryStream();
    await Console.OpenStandardInput().CopyToAsync(input);
    // What it throws ends the process as a crash, which is what fuzzers look for.
    await target.RunAsync(input.ToArray());
    return 0;
}

return await new FuzzRun(target, options, Console.Out).RunAsync() is null ? 0 : 1;
